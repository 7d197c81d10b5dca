// SPDX-License-Identifier: LGPL-2.1-or-later
// The names of the kernel's functions, which build-aux/link-kernel puts into the image (Linux: kallsyms).
#pragma once

#include <stdint.h>

#include "guest-kernel/mm/maybe.hpp"
#include "guest-kernel/mm/text_sink.hpp"

namespace guest {

struct Symbol {
    const char* name;
    uint32_t offset, size;  // of the address in the function, and of the function
};

// The function that an address lies in; nothing if it lies in none.
Maybe<Symbol> find_symbol(uint32_t address);

// "kernel_main+0x1f/0x120"
void report_symbol(const Symbol& symbol, const TextSink& out);

// print(Symbolic{eip}): "[<c0400c1f>] kernel_main+0x1f/0x120", as Linux prints it.
struct Symbolic { uint32_t address; };
void put(Symbolic address);

// The same for a return address: it lies behind the call, which may be the last instruction of its function.
struct SymbolicReturn { uint32_t address; };
void put(SymbolicReturn address);

}  // namespace guest
