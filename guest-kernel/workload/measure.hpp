// SPDX-License-Identifier: LGPL-2.1-or-later
// The measuring loop, for the kernel and for ring 3: warm-up without spans, then one span instance per iteration.
#pragma once

#include "guest-kernel/span.hpp"

namespace guest {

inline constexpr uint32_t warm_up_iterations = 32;

// Calls operation(i), which returns whether it went well, with i counting on through the warm-up. False at the first
// failure; what the operation checks besides its own result belongs behind the loop, outside the spans.
template <class Operation>
[[nodiscard]] inline bool measure(Span span, uint32_t iterations, Operation operation, uint32_t warm_up = warm_up_iterations) {
    for (uint32_t i = 0; i < warm_up; ++i)
        if (!operation(i)) return false;
    for (uint32_t i = 0; i < iterations; ++i) {
        span_begin(span);
        const bool good = operation(warm_up + i);
        span_end(span);
        if (!good) return false;
    }
    return true;
}

}  // namespace guest
