// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs the workloads that the command line names.
#pragma once

#include <stdint.h>

#include "guest-kernel/kernel/command_line.hpp"

namespace guest {

// `names`: all, none, or names with commas between. Each one's name is printed as it starts. Returns how many failed;
// an unknown name counts as one, and prints the known ones.
[[nodiscard]] uint32_t run_workloads(Text names);

}  // namespace guest
