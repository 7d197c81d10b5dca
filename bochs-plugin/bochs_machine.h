// SPDX-License-Identifier: LGPL-2.1-or-later
// Bochs' CPU and memory as the recording sees them.
#pragma once

#include <unordered_map>

#include "cpu_state.h"

namespace plugin {

class BochsMachine final : public Machine {
public:
    explicit BochsMachine(unsigned cpu) : cpu_{cpu} {}

    uint64_t ticks() const override;
    uint64_t instructions() const override;
    mm::VirtAddr running() const override;
    uint64_t load(mm::PhysAddr, unsigned bytes) const override;
    mm::Pfn fetch_frame(mm::Vpn) const override;
    MemoryKind kind(mm::PhysAddr) const override;
    mm::Pfn on_bus(mm::Pfn) const override;

    // What an entry of a page table was when Bochs' walk read it: a device could answer differently the next time.
    void note_walk_read(mm::PhysAddr, uint64_t value);
    // Whether WRMSR to IA32_EFER succeeds with it.
    bool accepts_efer(uint64_t value) const;

    // An instruction is about to begin that an interrupt, exception or reset led to.
    void starts();
    Position position() const;
    mm::trace::State state() const;
    uint64_t cr2() const;
    // Whether the last interrupt that another CPU has sent may be this one.
    bool sent_by_another(unsigned vector) const;

private:
    static constexpr size_t most_device_entries = 65536;
    unsigned cpu_;
    std::unordered_map<uint64_t, uint64_t> device_said_;  // by physical address
    uint32_t start_ip_ = 0;                 // of the instruction that starts() told of
    uint64_t before_start_ = ~uint64_t{0};  // instructions completed then
};

}  // namespace plugin
