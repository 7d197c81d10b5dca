// SPDX-License-Identifier: LGPL-2.1-or-later
// Bochs' CPU and memory as the recording sees them.
#pragma once

#include "cpu_state.h"

namespace plugin {

class BochsMachine final : public Machine {
public:
    explicit BochsMachine(unsigned cpu) : cpu_{cpu} {}

    uint64_t ticks() const override;
    uint64_t instructions() const override;
    uint64_t load(mm::PhysAddr, unsigned bytes) const override;
    mm::Pfn fetch_frame(mm::Vpn) const override;

    Position position() const;
    mm::trace::State state() const;
    mm::VirtAddr cr2() const;

private:
    unsigned cpu_;
};

}  // namespace plugin
