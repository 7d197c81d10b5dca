// SPDX-License-Identifier: LGPL-2.1-or-later
// The persistent kmap pool's functions; included by kmap.hpp only.
#pragma once

namespace guest {

template <class M>
Kmap<M>::Kmap(M& mapper, const FrameTable& frames, mm::VirtAddr pool, unsigned slots, mm::VirtAddr direct_map,
              mm::Pfn lowmem_end)
    : mapper_{mapper}, frames_{frames}, pool_{pool}, direct_map_{direct_map}, lowmem_end_{lowmem_end}, slots_{slots} {
    require(slots > 1 && slots <= max_kmap_slots, "kmap: impossible pool size");
}

template <class M>
Maybe<mm::VirtAddr> Kmap<M>::map_highmem(mm::Pfn frame) {
    Page& page = frames_[frame];
    if (page.kmap_address == 0) {
        const Maybe<mm::VirtAddr> fresh = map_new(frame);
        if (!fresh) return ++refusals_, Maybe<mm::VirtAddr>{};
        page.kmap_address = (*fresh).raw;
    }
    const mm::VirtAddr at{page.kmap_address};
    ++count_[slot_of(at)];
    return at;
}

// Next slot after the last one that is free; at each wrap, slots without users become free. Two rounds see every slot
// after a wrap.
template <class M>
Maybe<mm::VirtAddr> Kmap<M>::map_new(mm::Pfn frame) {
    for (unsigned tries = 0; tries < 2 * slots_; ++tries) {
        last_ = (last_ + 1) % slots_;
        if (last_ == 0) flush_unused();
        if (count_[last_] != 0) continue;
        if (!mapper_.map(address_of(last_), frame)) return {};
        count_[last_] = 1;
        frame_[last_] = frame.raw;
        return address_of(last_);
    }
    return {};
}

// The translation of a released slot may still be in any TLB: it is cleared here, and all are flushed at once.
template <class M>
void Kmap<M>::flush_unused() {
    for (unsigned slot = 0; slot < slots_; ++slot) {
        if (count_[slot] != 1) continue;
        count_[slot] = 0;
        static_cast<void>(mapper_.unmap(address_of(slot)));
        frames_[mm::Pfn{frame_[slot]}].kmap_address = 0;
    }
    mapper_.flush_all(FlushReason::kmap_wrap);
    ++flushes_;
}

template <class M>
void Kmap<M>::unmap_highmem(mm::Pfn frame) {
    const Page& page = frames_[frame];
    require(page.kmap_address != 0, "kunmap: the frame is not mapped");
    uint32_t& count = count_[slot_of(mm::VirtAddr{page.kmap_address})];
    require(count > 1, "kunmap: unmapped more often than mapped");
    --count;
}

template <class M>
uint32_t Kmap<M>::users(mm::Pfn frame) const {
    if (frame < lowmem_end_ || frames_[frame].kmap_address == 0) return 0;
    return count_[slot_of(mm::VirtAddr{frames_[frame].kmap_address})] - 1;
}

template <class M>
bool Kmap<M>::check() const {
    for (unsigned slot = 0; slot < slots_; ++slot) {
        if (count_[slot] == 0) continue;
        const mm::Pfn frame{frame_[slot]};
        if (frame < lowmem_end_ || frames_[frame].kmap_address != address_of(slot).raw) return false;
    }
    return true;
}

}  // namespace guest
