// SPDX-License-Identifier: LGPL-2.1-or-later
// What an allocation did to the kernel's page tables, found by walking them before and after: no counter in the hot paths.
#pragma once

#include "guest-kernel/kernel/kernel_tables.hpp"

namespace guest {

// Entries of the kernel's half that map a page, large pages one each.
[[nodiscard]] uint32_t present_entries();

// How many runs of adjacent frames the linear range [at, at + bytes) is made of; 0 if a page of it is not mapped.
[[nodiscard]] uint32_t physical_runs(mm::VirtAddr at, uint32_t bytes);

// Prints `measure: NAME-entries N entries`: what has become present since there were `before`.
void print_new_entries(const char* name, uint32_t before);

// The same for a block's runs: `measure: NAME-runs N runs`.
void print_runs(const char* name, mm::VirtAddr at, uint32_t bytes);

}  // namespace guest
