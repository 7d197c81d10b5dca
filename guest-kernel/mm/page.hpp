// SPDX-License-Identifier: LGPL-2.1-or-later
// struct page: what the kernel knows about each page frame, and the array of them (Linux: mem_map). 32 bytes a frame,
// as in Linux 2.6, which is what makes the map of 64 GiB (512 MiB) eat most of a 3:1 kernel's lowmem.
#pragma once

#include "guest-kernel/mm/require.hpp"
#include "mm/addr.hpp"

namespace guest {

inline constexpr uint32_t no_frame = 0xFFFFFFFF;

// Only the first frame of a block says what the block is; the others stay `interior`, so that giving 64 GiB to the
// allocator touches one Page in 1024. Holes and memory that was never given are `interior` too: all zero bits.
enum class PageState : uint8_t { interior = 0, free, used, slab };

struct Page {
    uint32_t next, prev;    // frame numbers: the free list, or the list of slabs with room
    PageState state;
    uint8_t order;          // of the block that starts here
    uint8_t size_class;     // slab only
    uint8_t unused;
    uint32_t users;         // how many hold this block; 0 when free
    uint32_t kmap_address;  // linear address in the persistent kmap pool, 0 if none (Linux: page->virtual)
    uint32_t slab_free;     // byte offset of the slab's first free object, page_size if none
    uint32_t slab_used;     // objects handed out
    uint32_t owner;         // free for the holder of the block
};
static_assert(sizeof(Page) == 32);

// The array, indexed by frame number from 0 to end() exclusive. Owns nothing; the storage must be zero-filled.
class FrameTable final {
public:
    constexpr FrameTable(Page* pages, mm::Pfn end) : pages_{pages}, end_{end} {}

    Page& operator[](mm::Pfn frame) const {
        require(frame < end_, "frame number beyond the page map");
        return pages_[frame.raw];
    }
    constexpr mm::Pfn end() const { return end_; }

    // Bytes of storage for all frames below `end`.
    static constexpr uint64_t storage_bytes(mm::Pfn end) { return uint64_t{end.raw} * sizeof(Page); }

private:
    Page* pages_;
    mm::Pfn end_;
};

static_assert(FrameTable::storage_bytes(mm::Pfn{0x1000000}) == uint64_t{512} << 20, "64 GiB costs 512 MiB of lowmem");

}  // namespace guest
