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
        uint64_t value, key;
    };
    constexpr void new_packet() {
        packet_ += uint64_t{1} << 32;
        if (packet_ != 0) return;
        *this = WalkMemory{};
        new_packet();
    }
    constexpr Slot& directory_slot(Vpn page) { return pde_[page.raw >> 9]; }
    constexpr Slot& table_slot(Vpn page) { return pte_[page.raw & 1023]; }
    constexpr bool knows(const Slot& s, uint32_t page) const { return s.key == key(page); }
    constexpr void learn(Slot& s, uint32_t page, uint64_t value) { s.key = key(page), s.value = value; }

private:
    constexpr uint64_t key(uint32_t page) const { return packet_ | page; }

    Slot pde_[2048] = {}, pte_[1024] = {};
    uint64_t packet_ = 0;  // its number, in the upper half
};

// The same for long mode: the entries last seen, by their place among those that a walk reads, in 1024 slots each.
class LongWalkMemory {
public:
    struct Slot {
        uint64_t value, key;
        uint32_t packet;
    };
    constexpr void new_packet() {
        if (++packet_ != 0) return;
        *this = LongWalkMemory{};
        packet_ = 1;
    }
    constexpr Slot& slot(unsigned place, uint64_t page) { return slots_[place][key(place, page) & 1023]; }
    constexpr bool knows(const Slot& s, unsigned place, uint64_t page) const { return s.packet == packet_ && s.key == key(place, page); }
    constexpr void learn(Slot& s, unsigned place, uint64_t page, uint64_t value) { s = Slot{value, key(place, page), packet_}; }

private:
    // Of four levels: what the entry at that place maps.
    static constexpr uint64_t key(unsigned place, uint64_t page) { return place < 3 ? page >> long_index_bits * (3 - place) : page; }

    Slot slots_[most_long_levels][1024] = {};
    uint32_t packet_ = 0;
};

}  // namespace mm::trace
