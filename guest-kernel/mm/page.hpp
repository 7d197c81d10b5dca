// SPDX-License-Identifier: LGPL-2.1-or-later
// struct page: what the kernel knows about each page frame, and the array of them (Linux: mem_map). 32 bytes a frame,
// as in Linux 2.6, which is what makes the map of 64 GiB (512 MiB) eat most of a 3:1 kernel's lowmem. The array can be
// given larger steps, because published figures are those of larger structs.
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

// What a struct page took in Linux 2.6, in 2.4, and in Red Hat's 2.4.21 with 4G/4G ("sizeof(struct page) = 60").
inline constexpr uint32_t struct_page_sizes[] = {32, 44, 60};

// The array, indexed by frame number from 0 to end() exclusive. Owns nothing; the storage must be zero-filled.
class FrameTable final {
public:
    constexpr FrameTable() = default;
    FrameTable(void* storage, mm::Pfn end, uint32_t page_bytes = sizeof(Page))
        : storage_{static_cast<char*>(storage)}, end_{end}, page_bytes_{page_bytes} {}

    Page& operator[](mm::Pfn frame) const {
        require(frame < end_, "frame number beyond the page map");
        return *reinterpret_cast<Page*>(storage_ + size_t{frame.raw} * page_bytes_);
    }
    constexpr mm::Pfn end() const { return end_; }
    constexpr uint32_t page_bytes() const { return page_bytes_; }  // from one struct page to the next

    // Bytes of storage for all frames below `end`.
    static constexpr uint64_t storage_bytes(mm::Pfn end, uint32_t page_bytes) { return uint64_t{end.raw} * page_bytes; }

private:
    char* storage_ = nullptr;
    mm::Pfn end_{};
    uint32_t page_bytes_ = sizeof(Page);
};

static_assert(FrameTable::storage_bytes(mm::Pfn{0x1000000}, 32) == uint64_t{512} << 20, "64 GiB costs 512 MiB of lowmem");
static_assert(FrameTable::storage_bytes(mm::Pfn{0x1000000}, 60) == uint64_t{960} << 20, "\"nearly 1 GB\", as Ingo Molnar wrote");

}  // namespace guest
