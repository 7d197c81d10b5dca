// SPDX-License-Identifier: LGPL-2.1-or-later
// How many instructions a CPU has executed, as far as the events of its stream tell.
#pragma once

#include <algorithm>

#include "mm/trace_events.hpp"

namespace tools {

class InstructionCount final {
public:
    // An event tells the low half: spans' edges, tasks.
    void advance(uint32_t low) { count_ += static_cast<uint32_t>(low - static_cast<uint32_t>(count_)); }
    void advance(const mm::trace::Counters& e) { count_ = std::max(count_, e.instructions); }
    [[nodiscard]] uint64_t value() const { return count_; }

private:
    uint64_t count_ = 0;
};

}  // namespace tools
