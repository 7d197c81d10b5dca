// SPDX-License-Identifier: LGPL-2.1-or-later
// Profiles as the plugin's geometries.
#include "profile_geometry.hpp"

#include "mm/mmu_geometries.hpp"
#include "mm/mmu_geometry_text.hpp"

namespace tools {
namespace {

// The enumerator of this name; the reader of profiles lets no other word through.
template <class Enum>
Enum enumerator(const std::string& word) {
    for (const Enum e : {static_cast<Enum>(0), static_cast<Enum>(1), static_cast<Enum>(2)})
        if (word == mm::name(e)) return e;
    return {};
}

mm::TlbGeometry tlb(const TlbFigures& f) {
    if (!f.exists()) return {};
    return {static_cast<unsigned>(f.entries.best), static_cast<unsigned>(f.ways.best), enumerator<mm::Replacement>(f.replacement.is)};
}

mm::TlbLevel level(const TlbFigures& small, const TlbFigures& large, const Choice& shape) { return {tlb(small), tlb(large), shape.is == "shared"}; }

}  // namespace

mm::MmuGeometry to_geometry(const Profile& p) {
    mm::MmuGeometry g;
    g.profile = p.name.c_str();
    g.global_pages = p.global_pages.yes();
    g.unified = p.unified.yes();
    g.instruction = level(p.instruction_4k, p.instruction_large, p.large_instruction);
    g.data = level(p.data_4k, p.data_large, p.large_data);
    g.loads_only = p.loads_only.yes();
    g.second_instruction = level(p.second_instruction_4k, p.second_instruction_large, p.large_second_instruction);
    g.second_data = level(p.second_data_4k, p.second_data_large, p.large_second_data);
    g.second_unified = p.second_unified.yes();
    g.inclusion = enumerator<mm::Inclusion>(p.inclusion.is);
    g.pde_cache = tlb(p.pde_cache);
    return g;
}

std::string geometry_text(const Profile& profile) {
    std::string text;
    mm::put_geometry([&](char c) { text += c; }, to_geometry(profile));
    return text;
}

bool is_built_in(const Profile& profile) {
    const mm::MmuGeometry* const row = mm::find_geometry(profile.name.c_str());
    return row && *row == to_geometry(profile);
}

}  // namespace tools
