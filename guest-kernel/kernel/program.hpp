// SPDX-License-Identifier: LGPL-2.1-or-later
// Brings a ring-3 program from its file into an address space.
//
//   text  data bss  heap ->        mappings ->                       stack
//   from 08048000 on                user_end / 3                      user_end
#pragma once

#include "guest-kernel/abi.hpp"
#include "guest-kernel/kernel/address_space.hpp"

namespace guest {

// Makes the file's segments and a stack in `space`, which must be empty, and says where the program begins. Pages of
// read-only segments are the file's own, shared; of the others each process gets a copy. Returns 0, or an Error and a
// space to be destroyed: no_program (no such file, or no program for this machine), no_memory.
[[nodiscard]] int32_t load_program(AddressSpace& space, const char* path, uint32_t& entry);

uint32_t program_stack_top();  // its first esp

}  // namespace guest
