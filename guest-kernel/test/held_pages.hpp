// SPDX-License-Identifier: LGPL-2.1-or-later
// Blocks that a test holds, however many: the list runs through their struct pages.
#pragma once

#include "guest-kernel/kernel/memory.hpp"

namespace guest {

class HeldPages final {
public:
    HeldPages() = default;
    ~HeldPages() {
        while (!blocks_.empty()) {
            const mm::Pfn block = blocks_.pop(zones().frames());
            zones().free(block, zones().frames()[block].order);
        }
    }
    HeldPages(const HeldPages&) = delete;
    HeldPages& operator=(const HeldPages&) = delete;

    // Takes blocks, the largest first, until even a single frame is refused; returns why.
    Shortage drain(Request request) {
        for (unsigned order = max_order; order-- > 0;)
            for (;;) {
                const Allocation block = zones().allocate(request, order);
                if (!block && order == 0) return block.why;
                if (!block) break;
                blocks_.push(zones().frames(), block.first);
            }
        return Shortage::none;
    }

    void hold(mm::Pfn block) { blocks_.push(zones().frames(), block); }
    bool empty() const { return blocks_.empty(); }
    mm::Pfn take_back() { return blocks_.pop(zones().frames()); }

private:
    PageList blocks_;
};

inline uint32_t free_in(ZoneType z) { return zones().free_pages(z).raw; }

}  // namespace guest
