// SPDX-License-Identifier: LGPL-2.1-or-later
// Next fit, as Linux' scan_swap_map without its clusters.
#include "guest-kernel/mm/swap_slots.hpp"

namespace guest {

Maybe<uint32_t> SwapSlots::take() {
    if (used_ == size_) return {};
    while (users_[next_] != 0) next_ = next_ + 1 == size_ ? 0 : next_ + 1;
    const uint32_t slot = next_;
    next_ = slot + 1 == size_ ? 0 : slot + 1;
    users_[slot] = 1;
    ++used_;
    return slot;
}

void SwapSlots::share(uint32_t slot) {
    require(slot < size_ && users_[slot] != 0, "a swap slot that nobody uses was shared");
    ++users_[slot];
}

bool SwapSlots::release(uint32_t slot) {
    require(slot < size_ && users_[slot] != 0, "a swap slot was released once too often");
    if (--users_[slot] != 0) return false;
    --used_;
    return true;
}

bool SwapSlots::check() const {
    uint32_t used = 0;
    for (uint32_t slot = 0; slot < size_; ++slot) used += users_[slot] != 0;
    return used == used_ && (size_ == 0 || next_ < size_);
}

}  // namespace guest
