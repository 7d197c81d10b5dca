// SPDX-License-Identifier: LGPL-2.1-or-later
// How a program ends: whatever goes wrong becomes one line on stderr and an exit status.
#pragma once

#include <functional>
#include <string>

#include "tools/error.hpp"

namespace tools {

// Says `zonescope: WHAT` behind what was printed, and returns the status for main().
int complain(const std::string& what, Status status);

// What main() does, with its exit status; what it throws is complained about.
[[nodiscard]] int run_program(const std::function<int()>& body);

}  // namespace tools
