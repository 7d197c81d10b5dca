// SPDX-License-Identifier: LGPL-2.1-or-later
// What `stat` is given: trace directories or sweep directories, and which profiles with which costs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "profile.hpp"
#include "run_info.hpp"

namespace tools {

// Each sweep directory replaced by those of its cells that recorded well, in their order. Throws InputError if none did.
// `left_out`: gets the names of those that did not.
[[nodiscard]] std::vector<std::filesystem::path> trace_directories(const std::vector<std::string>& given, std::vector<std::string>* left_out = nullptr);

// The profiles to show of a recording: `given` are names of some of them, or .toml files to take a profile's costs from.
// Without a name all are shown, without a file with the costs that were kept with the trace. Throws InputError if one is not in the recording.
[[nodiscard]] std::vector<Profile> chosen_profiles(const std::filesystem::path& trace_directory, const RunInfo& run,
                                                    const std::vector<std::string>& given);

}  // namespace tools
