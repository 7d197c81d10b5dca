// SPDX-License-Identifier: LGPL-2.1-or-later
// Host program: prints one image's layout.inc, the numbers of mm/layout.hpp for assembly and the linker script.
//
//   gen-layout u4k4 classic > 4-4-classic/layout.inc
#include <cstdio>
#include <cstring>

#include "mm/layout.hpp"

namespace {

constexpr const char* split_names[] = {"u3k1", "u2k2", "u1k3", "u4k4"};
constexpr uint32_t load_address = 0x00400000;  // physical: the second 4 MiB page, clear of the PC's legacy area

void define(const char* name, uint64_t value) {
    std::printf("#define %s 0x%08llX\n", name, static_cast<unsigned long long>(value));
}

void print_layout(const mm::Layout& l) {
    define("KERNEL_BASE", l.kernel_base);
    define("KERNEL_LOAD", load_address);
    define("BOOT_MAPPING", mm::address(mm::dma_zone_end).raw);
    // Where the trampoline is linked: in line with the kernel, or at the top where user tables map it too.
    if (l.own_page_tables) define("TRAMPOLINE_ADDRESS", l.trampoline_base);
    else std::printf("#define TRAMPOLINE_ADDRESS .\n");
    std::printf("#define BOOT_PAGING \"guest-kernel/arch/boot-%s.inc\"\n", mm::name(l.paging));
    std::printf("#define ADDRESS_SPACE_SWITCH \"guest-kernel/arch/%s.inc\"\n",
                l.own_page_tables ? "own-tables" : "shared-tables");
}

}  // namespace

int main(int argc, char** argv) {
    for (mm::Split s : mm::all_splits)
        for (mm::Paging p : mm::all_pagings)
            if (argc == 3 && !std::strcmp(argv[1], split_names[static_cast<int>(s)]) && !std::strcmp(argv[2], mm::name(p)))
                return print_layout(mm::layout(s, p)), 0;
    std::fprintf(stderr, "gen-layout: usage: gen-layout u3k1|u2k2|u1k3|u4k4 classic|pae\n");
    return 2;
}
