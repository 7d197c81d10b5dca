// SPDX-License-Identifier: LGPL-2.1-or-later
// Persistent kernel maps of highmem frames: a pool of slots that fills from bottom to top and is flushed when it wraps.
//
//   slot count   0: free    1: unmapped by its users, its translation may still be cached    n+1: n users
//
// A released slot is not reused before the next wrap, where one global flush pays for all of them.
// Source: Linux 2.6 mm/highmem.c (pkmap_count, map_new_virtual, flush_all_zero_pkmaps).
#pragma once

#include "guest-kernel/mm/maybe.hpp"
#include "guest-kernel/mm/page.hpp"
#include "guest-kernel/mm/page_mapper.hpp"

namespace guest {

inline constexpr unsigned max_kmap_slots = 1024;  // LAST_PKMAP; 512 with PAE

template <class Mapper>
class Kmap final {
    static_assert(is_page_mapper<Mapper>(0));

public:
    // The pool's first address and number of slots; frames below lowmem_end are at direct_map + their address.
    Kmap(Mapper& mapper, const FrameTable& frames, mm::VirtAddr pool, unsigned slots, mm::VirtAddr direct_map,
         mm::Pfn lowmem_end);

    // Where the frame can be read and written until unmap(). Nested maps of a frame share its slot. A lowmem frame's
    // direct-map address, without any mapping. Nothing if every slot has users.
    // The lowmem half is inline everywhere: a copy that meets no highmem frame must not pay for calls.
    [[gnu::always_inline]] Maybe<mm::VirtAddr> map(mm::Pfn frame) {
        if (frame < lowmem_end_) return direct_map_ + static_cast<uint32_t>(mm::address(frame).raw);
        return map_highmem(frame);
    }
    [[gnu::always_inline]] void unmap(mm::Pfn frame) {
        if (frame >= lowmem_end_) unmap_highmem(frame);
    }

    uint32_t users(mm::Pfn frame) const;      // of the frame's slot; 0 if it has none or is lowmem
    uint32_t flushes() const { return flushes_; }    // global flushes so far
    uint32_t refusals() const { return refusals_; }  // maps that found every slot in use
    bool check() const;                       // slot counts, and the frames' addresses, agree

private:
    mm::VirtAddr address_of(unsigned slot) const { return pool_ + slot * mm::page_size; }
    unsigned slot_of(mm::VirtAddr a) const { return (a - pool_) / mm::page_size; }
    Maybe<mm::VirtAddr> map_highmem(mm::Pfn frame);
    void unmap_highmem(mm::Pfn frame);
    Maybe<mm::VirtAddr> map_new(mm::Pfn frame);
    void flush_unused();

    Mapper& mapper_;
    FrameTable frames_;
    mm::VirtAddr pool_, direct_map_;
    mm::Pfn lowmem_end_;
    unsigned slots_;
    unsigned last_ = 0;  // the slot handed out last
    uint32_t flushes_ = 0, refusals_ = 0;
    uint32_t count_[max_kmap_slots]{};
    uint32_t frame_[max_kmap_slots]{};  // which frame a slot with count > 0 maps
};

}  // namespace guest

#include "guest-kernel/mm/kmap_impl.hpp"
