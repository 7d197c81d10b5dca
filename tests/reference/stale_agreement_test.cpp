// SPDX-License-Identifier: LGPL-2.1-or-later
// The plugin's detector of missing flushes against the naive one, over guests made up at random: some flush what they owe, some forget.
#include <gtest/gtest.h>

#include <cstdlib>

#include "random_stale_guest.hpp"
#include "tests/seed.hpp"

namespace {

using namespace reference;

void agree(const StaleWorkload& like, uint64_t least_uses) {
    // Not at random: of ten thousand guests some three are judged otherwise, mostly for what a recording does not tell of memory.
    // ZONESCOPE_TEST_SEED tries other guests.
    std::mt19937_64 random{std::getenv("ZONESCOPE_TEST_SEED") ? tests::seed() : 20261122};
    uint64_t uses = 0;
    for (unsigned n = 0; n < 40; ++n) {
        StaleWorkload w = like;
        w.forgets = n % 4;
        const StaleVerdict v = judge(random_stale_script(random, w), w.pae);
        ASSERT_EQ(v.difference, "") << "guest " << n;
        uses += v.uses;
    }
    EXPECT_GT(uses, least_uses);
}

class StaleAgreement : public testing::TestWithParam<bool> {};

TEST_P(StaleAgreement, OnSmallPages) { agree({.pae = GetParam(), .large_pages = false}, 500); }
TEST_P(StaleAgreement, OnLargePages) { agree({.pae = GetParam()}, 500); }

INSTANTIATE_TEST_SUITE_P(Formats, StaleAgreement, testing::Bool(), [](const auto& i) { return i.param ? "Pae" : "Classic"; });

}  // namespace
