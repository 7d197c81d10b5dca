// SPDX-License-Identifier: LGPL-2.1-or-later
// Random numbers for the allocators' model tests.
#pragma once

#include "tests/seed.hpp"

namespace guest_test {

class Random final {
public:
    // Uniform enough in [0, limit).
    uint32_t below(uint32_t limit) { return static_cast<uint32_t>(generator_() % limit); }
    bool one_in(uint32_t n) { return below(n) == 0; }

private:
    std::mt19937_64 generator_{tests::seed()};
};

}  // namespace guest_test
