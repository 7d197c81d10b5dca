// SPDX-License-Identifier: LGPL-2.1-or-later
// What the recording asks of the emulated machine. Bochs answers in bochs_machine.cc, arrays and counters in tests.
#pragma once

#include "mm/addr.hpp"

namespace plugin {

// What answers at a physical address.
enum class MemoryKind : uint8_t { ram, rom, device, nothing };

class Machine {
public:
    virtual ~Machine() = default;

    // Ticks since power-on: instructions, REP iterations and idle time.
    virtual uint64_t ticks() const = 0;
    // Instructions completed on this CPU, REP iterations each one; not the one that is running.
    virtual uint64_t instructions() const = 0;
    // Linear address of the instruction that is running, or is about to.
    virtual mm::VirtAddr running() const = 0;
    // 4 or 8 bytes, without side effects on the guest; where a device answers: what it said to Bochs' last walk, or 0.
    virtual uint64_t load(mm::PhysAddr, unsigned bytes) const = 0;
    virtual MemoryKind kind(mm::PhysAddr) const { return MemoryKind::ram; }
    // The frame that the bus shows: while the A20 line is held low, not the one that was asked for.
    virtual mm::Pfn on_bus(mm::Pfn frame) const { return frame; }
    // The frame that Bochs' own instruction TLB has for a page, or `unknown_frame`.
    virtual mm::Pfn fetch_frame(mm::Vpn) const = 0;

    static constexpr mm::Pfn unknown_frame{0xFFFFFFFF};
};

}  // namespace plugin
