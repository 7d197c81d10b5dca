// SPDX-License-Identifier: LGPL-2.1-or-later
// The kernel of doc/HOWTO-your-kernel.md: maps four megabytes onto themselves, twice, forgets a flush, and says what it does.
#include "zonescope.h"

enum { present = 1, writable = 2, frames = 1024, page = 4096, second_half = 4 << 20 };
enum { remap = 0, touch = 1 };

static unsigned directory[frames] __attribute__((aligned(4096))), table[frames] __attribute__((aligned(4096))), window[frames] __attribute__((aligned(4096)));

void assembler_span(void);  // start.S

static void enable_paging(void) {
    for (unsigned i = 0; i < frames; i++) table[i] = i * page | present | writable;
    directory[0] = (unsigned)table | present | writable;
    directory[1] = (unsigned)window | present | writable;
    __asm__ volatile("mov %0, %%cr3; mov %%cr0, %%eax; or $0x80000000, %%eax; mov %%eax, %%cr0" : : "r"(directory) : "eax", "memory");
}

static unsigned read(unsigned address) { return *(volatile unsigned *)address; }

static void map_window(unsigned frame) { *(volatile unsigned *)window = frame | present | writable; }
static void flush_window(void) { __asm__ volatile("invlpg (%0)" : : "r"(second_half) : "memory"); }

// The window's first page leads to one frame, then to another, of which nobody tells the processor.
static __attribute__((noinline)) void remap_without_flush(void) {
    map_window(0x300000);
    flush_window();
    read(second_half);
    map_window(0x301000);
    read(second_half);
}

void kernel(void) {
    zonescope_hello("howto");
    zonescope_zone("LOW", 0, 256, 159);
    zonescope_zone("HIGH", 256, 4096, 3840);
    zonescope_region("identity", 0, second_half);
    zonescope_region("window", second_half, 2 * second_half);
    zonescope_span_name(remap, "remap");
    zonescope_span_name(touch, "touch");
    enable_paging();
    for (unsigned i = 0; i < 8; i++) {
        zonescope_begin(remap);
        remap_without_flush();
        zonescope_end(remap);
    }
    assembler_span();
    zonescope_mark(42);
    zonescope_result(0);
    zonescope_power_off();
}
