// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads a CPU profile key by key.
#include "profile.hpp"

#include "profile_check.hpp"
#include "profile_file.hpp"
#include "profile_keys.hpp"

namespace tools {
namespace {

constexpr int64_t profile_schema = 2;

void check_schema(const ProfileFile& file) {
    if (!file.has("schema")) file.fail("schema", "is missing; add schema = 2, the one that this zonescope reads");
    if (file.integer("schema") != profile_schema) file.fail("schema", "must be 2: the only one that this zonescope reads");
}

TlbFigures read_tlb(const ProfileFile& file, const std::string& key) {
    if (!file.has(key)) return {};
    const Figure entries = file.figure(key + ".entries");
    if (entries.best == 0) return {entries, {}, {}};  // check_profile() sees whether that may be
    return {entries, file.figure(key + ".ways"), file.choice(key + ".replacement", replacement_words)};
}

}  // namespace

Profile read_profile(const std::filesystem::path& path) {
    const ProfileFile file{path};
    check_schema(file);
    file.reject_unknown_keys();

    Profile profile;
    profile.file = path;
    profile.text = file.contents();
    profile.name = file.text("name");
    profile.title = file.text("title");
    for (const TlbKey& k : tlb_keys) profile.*k.at = read_tlb(file, std::string{"tlb."} + k.key);
    for (const ShapeKey& k : shape_keys)
        if (const std::string key = std::string{"tlb.shape."} + k.key; file.has(key)) profile.*k.at = file.choice(key, k.words);
    for (const FigureKey& k : figure_keys) profile.*k.at = file.figure(std::string{k.table} + "." + k.key);
    check_profile(profile, file);
    return profile;
}

}  // namespace tools
