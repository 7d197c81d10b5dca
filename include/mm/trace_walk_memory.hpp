// SPDX-License-Identifier: LGPL-2.1-or-later
// What encoder and decoder both remember of the walks of the current packet, so that an entry that has not changed since it
// was last recorded takes no bytes.
#pragma once

#include "mm/trace_events.hpp"

namespace mm::trace {

// The entries last seen in this packet: directory entries by 2 MiB slot, table entries by page in 1024 slots.
class WalkMemory {
public:
    struct Slot {
        uint64_t value;
        uint32_t page, packet;
    };
    constexpr void new_packet() {
        if (++packet_ != 0) return;
        *this = WalkMemory{};
        packet_ = 1;
    }
    constexpr Slot& directory_slot(Vpn page) { return pde_[page.raw >> 9]; }
    constexpr Slot& table_slot(Vpn page) { return pte_[page.raw & 1023]; }
    constexpr bool knows(const Slot& s, uint32_t page) const { return s.packet == packet_ && s.page == page; }
    constexpr void learn(Slot& s, uint32_t page, uint64_t value) { s = Slot{value, page, packet_}; }

private:
    Slot pde_[2048] = {}, pte_[1024] = {};
    uint32_t packet_ = 0;
};

}  // namespace mm::trace
