// SPDX-License-Identifier: LGPL-2.1-or-later
// The profiles that come with zonescope, and those that a user names.
#include <algorithm>

#include "command_line.hpp"
#include "error.hpp"
#include "mm/mmu_geometries.hpp"
#include "paths.hpp"
#include "profile.hpp"

namespace tools {
namespace {

// Its place among the built-in profiles; behind them if it is none.
size_t generation(const Profile& p) {
    const mm::MmuGeometry* const row = mm::find_geometry(p.name.c_str());
    return row ? static_cast<size_t>(row - mm::mmu_geometries) : std::size(mm::mmu_geometries);
}

}  // namespace

bool is_profile_path(const std::string& name_or_path) {
    return name_or_path.find('/') != std::string::npos || std::filesystem::path{name_or_path}.extension() == ".toml";
}

std::vector<Profile> all_profiles() {
    std::vector<Profile> profiles;
    const std::filesystem::path directory = paths().profiles;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator{directory, error})
        if (entry.path().extension() == ".toml") profiles.push_back(read_profile(entry.path()));
    if (error) throw InputError{directory.string(), "the CPU profiles are not here; run `make` or `make install` again"};
    std::sort(profiles.begin(), profiles.end(), [](const Profile& a, const Profile& b) {
        return std::pair{generation(a), a.name} < std::pair{generation(b), b.name};
    });
    return profiles;
}

Profile find_profile(const std::string& name_or_path) {
    if (is_profile_path(name_or_path)) return read_profile(name_or_path);
    const std::filesystem::path file = paths().profiles / (name_or_path + ".toml");
    if (std::filesystem::exists(file)) return read_profile(file);
    std::vector<std::string> known;
    for (const Profile& p : all_profiles()) known.push_back(p.name);
    throw InputError{"profile '" + name_or_path + "'", "no such CPU profile; known: " + join(known) + ", or give the path of a .toml file"};
}

}  // namespace tools
