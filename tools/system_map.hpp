// SPDX-License-Identifier: LGPL-2.1-or-later
// The System.map that `record --system-map` is given: what can be said of it before the guest boots.
#pragma once

#include <filesystem>
#include <string>

namespace tools {

inline constexpr char system_map_file[] = "System.map";  // its copy in a trace's hidden directory, for the functions' names

// Why it cannot serve, and what to do, in one line; empty if nothing speaks against it. Throws InputError if it cannot be read.
[[nodiscard]] std::string system_map_problem(const std::filesystem::path& file);

}  // namespace tools
