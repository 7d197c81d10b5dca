// SPDX-License-Identifier: LGPL-2.1-or-later
// Bounce buffers: a page that a device cannot address goes through one that it can, copied by the processor through an
// atomic kmap. Linux' mm/highmem.c (blk_queue_bounce, copy_to_high_bio_irq).
//
//   device reaches      pages beyond it go through
//   16 MiB (ISA)        GFP_DMA
//   4 GiB (PCI)         ZONE_NORMAL, GFP_DMA if that is short
#pragma once

#include "guest-kernel/kernel/io/block.hpp"

namespace guest {

inline constexpr mm::Pfn isa_reach{(uint32_t{16} << 20) >> mm::page_shift};
inline constexpr mm::Pfn pci_reach{uint32_t{1} << (32 - mm::page_shift)};
inline constexpr mm::Pfn processor_reach{0xFFFFFFFF};  // programmed I/O: any frame that can be mapped

// Sets the request's targets; for a write, copies. False, and nothing is held, if there are no pages to bounce through.
[[nodiscard]] bool begin_bounce(BlockRequest& request, mm::Pfn reach);

// Gives the bounce pages back; after a good read, copies first. May run in an interrupt.
void end_bounce(BlockRequest& request, bool good);

struct BounceCounters {
    uint32_t dma, normal;  // pages bounced through a page of ZONE_DMA, of ZONE_NORMAL
    uint32_t kmaps;        // kmaps that the copying took
};
const BounceCounters& bounce_counters();

}  // namespace guest
