// SPDX-License-Identifier: LGPL-2.1-or-later
// The seed of a randomised test: new at each run, printed with it, and repeatable through ZONESCOPE_TEST_SEED.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>

namespace tests {

inline uint64_t seed() {
    static const uint64_t value = [] {
        const char* given = std::getenv("ZONESCOPE_TEST_SEED");
        const uint64_t s = given ? std::strtoull(given, nullptr, 0) : std::random_device{}();
        std::cout << "# seed: ZONESCOPE_TEST_SEED=" << s << '\n';
        return s;
    }();
    return value;
}

}  // namespace tests
