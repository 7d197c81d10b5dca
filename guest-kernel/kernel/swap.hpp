// SPDX-License-Identifier: LGPL-2.1-or-later
// Places for pages that are not in memory: the swap area of the data disk, and compressed pages in lowmem. Here is how a
// page gets there and back; whose pages go is swap_out.hpp's affair.
//
//   disk         the disk's bus master reads the frame: the processor does not touch the page, so it needs no kmap
//   compressed   the processor reads the page: of HIGHMEM it needs a kmap, whoever's page it is
#pragma once

#include "guest-kernel/mm/swap_entry.hpp"

namespace guest {

enum class SwapStatus : uint8_t {
    done,
    no_device,       // no disk with a swap area, or no bus master
    full,            // every slot is taken
    no_memory,       // lowmem is short
    incompressible,  // it would take as much memory as it gives back
    device_error,    // or what was kept is damaged
    running,         // the pages are of the process that runs, or somebody ran while they were written
};
const char* name(SwapStatus s);

inline constexpr uint32_t swap_slots = 8192;  // of each kind, if its device has as many

// Takes the tables of a kind of swap into use, with at most so many slots (Linux: swapon). It may be in use already.
[[nodiscard]] SwapStatus swap_on(SwapKind kind, uint32_t slots = swap_slots);

bool swap_in_use(SwapKind kind);

// Gives the tables back: no page may be there any more.
void swap_off(SwapKind kind);

// One page on its way out. The status is set by swap_write; if it is done, the page is at `entry`, whose slot has one user.
struct SwapPage {
    mm::Pfn frame;
    SwapStatus status;
    SwapEntry entry;
};
inline constexpr unsigned max_swap_cluster = 16;

// How to wait for the disk. Who sleeps may find that others ran meanwhile: then what was written may be out of date, and
// does not count.
enum class SwapWait : uint8_t { poll, sleep };

// Writes pages out, max_swap_cluster at most.
void swap_write(SwapKind kind, SwapPage* pages, unsigned count, SwapWait wait = SwapWait::poll);

// Reads a page into `frame`. It sleeps until the disk has done it, if the kernel was entered by the page fault of a program;
// a fault of the kernel itself, which may hold an atomic kmap, polls.
SwapStatus swap_read(SwapEntry e, mm::Pfn frame);

// One more, and one fewer, page-table entry that says so.
void swap_share(SwapEntry e);
void swap_release(SwapEntry e);

struct SwapCounters {
    uint32_t slots, used;           // now
    uint32_t compressed_bytes;      // now; 0 for the disk
    uint32_t written, read;         // pages, since the machine started
    uint32_t kmaps_out, kmaps_in;   // kmaps that this took
    uint32_t refused, errors;       // incompressible pages; transfers that failed
};
SwapCounters swap_counters(SwapKind kind);

// The counts of slots, and what is kept, are sound.
bool check_swap();

}  // namespace guest
