// SPDX-License-Identifier: LGPL-2.1-or-later
// What a multiboot loader leaves in memory (Multiboot Specification 0.6.96, 3.3).
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "guest-kernel/kernel/initramfs.hpp"

namespace guest {

inline constexpr uint32_t multiboot_loaded = 0x2BADB002;  // in eax at the entry

struct MultibootInfo {
    uint32_t flags;
    uint32_t mem_lower, mem_upper, boot_device;
    uint32_t command_line;  // physical address of a NUL-terminated string
    uint32_t module_count, modules, syms[4];  // `modules`: physical address of the first MultibootModule
    uint32_t map_bytes, map;  // physical address of the memory map

    static constexpr uint32_t has_command_line = 1 << 2, has_modules = 1 << 3, has_map = 1 << 6;
};
static_assert(offsetof(MultibootInfo, map_bytes) == 44);

// One entry of the memory map. `size` does not count itself.
struct [[gnu::packed]] MultibootRange {
    uint32_t size;
    uint64_t start, bytes;
    uint32_t type;

    static constexpr uint32_t usable = 1;
};
static_assert(sizeof(MultibootRange) == 24);

// A file that was loaded with the kernel, [start, end), at a page boundary.
struct MultibootModule {
    uint32_t start, end, text, unused;
};
static_assert(sizeof(MultibootModule) == 16);

struct BootInfo {
    uint64_t limit = 0;        // what this image's page tables and the processor can both name, in bytes
    FrameRanges ram;           // whole usable frames below it
    mm::Pages out_of_reach{};  // usable frames above it
    Archive initramfs;         // the first boot module
    char command_line[1024] = {};
};

// Copies what the kernel needs; panics if this was no multiboot loader or it gave no memory map.
void read_boot_info(uint32_t magic, mm::PhysAddr info, BootInfo& out);

}  // namespace guest
