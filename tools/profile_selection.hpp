// SPDX-License-Identifier: LGPL-2.1-or-later
// The profiles of a recording: from the user's words to files beside the trace, and from those to costs.
//
//   --profile p6,mine.toml --profile_words, select_profiles--> Profiles --keep_profiles--> DIR/.zonescope/profiles/NAME.toml --profiles_of--> costs
#pragma once

#include "profile.hpp"
#include "run_info.hpp"

namespace tools {

inline constexpr size_t most_profiles = 14;            // in one recording: bits of a walk's mask, which has two others
inline constexpr char default_profile[] = "p6";
inline constexpr char kept_profiles[] = "profiles";    // inside the hidden directory

// The names of the profiles that come with zonescope, by generation.
[[nodiscard]] std::vector<std::string> built_in_profiles();

// The words of --profile's list with commas between; `all` stands for several. Throws InputError if one is empty.
[[nodiscard]] std::vector<std::string> profile_words(const std::string& list, const std::vector<std::string>& all = built_in_profiles());

// The profiles that names and paths of .toml files stand for. Throws InputError if one is unknown, wrong, or there twice, if
// they are too many, or if a user's profile has a built-in one's name but not its geometry.
[[nodiscard]] std::vector<Profile> select_profiles(const std::vector<std::string>& words, const std::string& option);

// Writes each profile's text beside a trace, so that the costs that belong to it stay with it.
void keep_profiles(const std::vector<Profile>& profiles, const std::filesystem::path& trace_directory);

// A profile of a recording: as it was kept, else the built-in one. All of them, in the recording's order.
[[nodiscard]] Profile profile_of(const std::filesystem::path& trace_directory, const std::string& name);
[[nodiscard]] std::vector<Profile> profiles_of(const std::filesystem::path& trace_directory, const RunInfo& run);

}  // namespace tools
