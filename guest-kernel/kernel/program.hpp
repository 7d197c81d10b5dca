// SPDX-License-Identifier: LGPL-2.1-or-later
// The ring-3 programs that the kernel image carries: one ELF file whose first segment begins with their names.
#pragma once

#include "guest-kernel/abi.hpp"
#include "guest-kernel/kernel/address_space.hpp"

namespace guest {

// Null if no program has the name.
const ProgramEntry* find_program(const char* name);

// Copies the program file's segments into `space` and adds a stack; false if memory ran out.
[[nodiscard]] bool load_programs(AddressSpace& space);

uint32_t program_start();      // where a new process begins: expects main in edx, its argument in eax
uint32_t program_stack_top();  // its first esp

}  // namespace guest
