// SPDX-License-Identifier: LGPL-2.1-or-later
// Looks profiles up.
#include "profile_choice.h"

#include <string.h>

namespace plugin {

namespace {

std::string known_profiles() {
    std::string all;
    for (const mm::MmuGeometry& g : mm::mmu_geometries) all += (all.empty() ? "" : ", ") + std::string{g.profile};
    return all;
}

}  // namespace

std::string to_text(const mm::MmuGeometry& g) {
    std::string text;
    mm::put_geometry([&](char c) { text += c; }, g);
    return text;
}

std::string ProfileChoice::add(const mm::MmuGeometry* g) {
    for (const mm::MmuGeometry* known : chosen_)
        if (strcmp(known->profile, g->profile) == 0) return "profile '" + std::string{g->profile} + "' is named twice";
    if (chosen_.size() == mm::max_models) return "more than " + std::to_string(mm::max_models) + " profiles: record twice";
    chosen_.push_back(g);
    return {};
}

std::string ProfileChoice::add_built_in(const std::string& name) {
    if (const mm::MmuGeometry* const g = mm::find_geometry(name.c_str())) return add(g);
    return "profile=" + name + ": there is no such profile; known: " + known_profiles();
}

std::string ProfileChoice::add_geometry(const std::string& text) {
    Custom& custom = customs_.emplace_back();
    if (const char* const wrong = mm::parse_geometry(text.c_str(), custom.geometry, custom.name)) {
        customs_.pop_back();
        return "geometry=" + text + ": " + wrong;
    }
    return add(&custom.geometry);
}

std::vector<const mm::MmuGeometry*> ProfileChoice::geometries() const {
    if (chosen_.empty()) return {mm::find_geometry("p6")};
    return chosen_;
}

std::vector<std::string> ProfileChoice::options() const {
    std::vector<std::string> all;
    for (const mm::MmuGeometry* g : chosen_) {
        const mm::MmuGeometry* const built_in = mm::find_geometry(g->profile);
        all.push_back(built_in == g ? "profile=" + std::string{g->profile} : "geometry=\"" + to_text(*g) + "\"");
    }
    return all;
}

}  // namespace plugin
