// SPDX-License-Identifier: LGPL-2.1-or-later
// Random numbers that a seed determines (xorshift, Marsaglia 2003).
#pragma once

#include <stdint.h>

namespace odd {

class Random {
public:
    explicit Random(uint32_t seed) : state_{seed * 2654435761u | 1} {
        for (unsigned n = 0; n < 8; ++n) (void)next();
    }
    uint32_t next() {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 17;
        state_ ^= state_ << 5;
        return state_;
    }
    uint32_t below(uint32_t end) { return next() % end; }
    bool one_in(uint32_t times) { return below(times) == 0; }

private:
    uint32_t state_;
};

}  // namespace odd
