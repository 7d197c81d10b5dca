// SPDX-License-Identifier: LGPL-2.1-or-later
// Which slots of a swap area are taken, and by how many page-table entries each: forked processes share them as they share
// pages (Linux: swap_map, one counter per slot). Owns no memory.
#pragma once

#include "guest-kernel/mm/maybe.hpp"
#include "mm/addr.hpp"

namespace guest {

class SwapSlots final {
public:
    constexpr SwapSlots() = default;
    // `users`: storage of `slots` counters, all zero.
    constexpr SwapSlots(uint32_t* users, uint32_t slots) : users_{users}, size_{slots} {}

    // A slot with one user, behind the one that was taken last if that is free: what is swapped out together lies
    // together. Nothing if all are taken.
    Maybe<uint32_t> take();

    void share(uint32_t slot);                  // one more user of a slot that has some
    [[nodiscard]] bool release(uint32_t slot);  // one less; true if that was the last

    uint32_t users(uint32_t slot) const { return users_[slot]; }
    uint32_t size() const { return size_; }
    uint32_t used() const { return used_; }
    bool check() const;  // the number of slots in use is right

private:
    uint32_t* users_ = nullptr;
    uint32_t size_ = 0, used_ = 0;
    uint32_t next_ = 0;  // where the search begins
};

}  // namespace guest
