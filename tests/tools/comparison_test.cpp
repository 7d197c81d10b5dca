// SPDX-License-Identifier: LGPL-2.1-or-later
// What can be said of two operations whose prices are intervals, against prices tried at random; and which figure decides.
#include <gtest/gtest.h>

#include "tests/seed.hpp"
#include "tools/comparison.hpp"
#include "tools/sensitivity.hpp"

namespace {

using tools::Charge;
using tools::Charges;
using tools::Comparison;
using tools::Interval;
using tools::Prices;

double weigh(const Charges& c, const std::vector<double>& prices) {
    double sum = 0;
    for (size_t i = 0; i < tools::charge_count; ++i) sum += c.times[i] * prices[i];
    return sum;
}

TEST(Comparison, OnlyWhatAllPricesSayIsCertain) {
    EXPECT_EQ(tools::compare(Interval{1, 2, 3}), Comparison::more);
    EXPECT_EQ(tools::compare(Interval{-3, -2, -1}), Comparison::less);
    EXPECT_EQ(tools::compare(Interval{0, 0, 0}), Comparison::equal);
    EXPECT_EQ(tools::compare(Interval{-1, 2, 3}), Comparison::unknown);
    EXPECT_EQ(tools::compare(Interval{0, 2, 3}), Comparison::unknown) << "they may be the same";
}

TEST(Comparison, TheBoundsOfARatioHoldAllPricesAndAreReached) {
    std::mt19937_64 random{tests::seed()};
    const auto number = [&](unsigned most) { return static_cast<double>(random() % (most + 1)); };
    for (int round = 0; round < 200; ++round) {
        Prices prices;
        Charges a, b;
        for (size_t i = 0; i < tools::charge_count; ++i) {
            prices[i].low = 1 + number(50), prices[i].best = prices[i].low + number(50), prices[i].high = prices[i].best + number(50);
            a.times[i] = number(20), b.times[i] = number(20);
        }
        b.times[0] += 1;
        const Interval bounds = ratio(a, b, prices);
        double least = 1e18, most = 0;
        for (int choice = 0; choice < 2000; ++choice) {
            std::vector<double> chosen;
            for (const Interval& p : prices) chosen.push_back(random() % 2 ? p.low : p.high);
            const double r = weigh(a, chosen) / weigh(b, chosen);
            ASSERT_GE(r, bounds.low * (1 - 1e-9));
            ASSERT_LE(r, bounds.high * (1 + 1e-9));
            least = std::min(least, r), most = std::max(most, r);
        }
        // The ends are vertices: no price alone leads further.
        EXPECT_LE(bounds.low, bounds.best);
        EXPECT_LE(bounds.best, bounds.high);
        EXPECT_GT(least / bounds.low, 0.99);
        EXPECT_LT(least / bounds.low, 2.0) << "loose bounds";
        EXPECT_LT(bounds.high / most, 2.0) << "loose bounds";
    }
}

TEST(Comparison, CommonPricesNarrowTheShare) {
    Prices prices{};
    prices[0] = {1, 2, 4};    // whatever an instruction takes,
    prices[1] = {10, 10, 10};
    Charges a, b;
    a[Charge::instruction] = 110, b[Charge::instruction] = 100;
    EXPECT_DOUBLE_EQ(ratio(a, b, prices).low, 1.1) << "110 of them take 10 % more than 100,";
    EXPECT_DOUBLE_EQ(ratio(a, b, prices).high, 1.1) << "dear or cheap";
    a[Charge::mov_cr3] = 1;
    EXPECT_DOUBLE_EQ(ratio(a, b, prices).low, 450.0 / 400);
    EXPECT_DOUBLE_EQ(ratio(a, b, prices).best, 230.0 / 200);
    EXPECT_DOUBLE_EQ(ratio(a, b, prices).high, 120.0 / 100);
}

TEST(Comparison, SharesReadWell) {
    EXPECT_EQ(tools::share_text({1.1, 1.2, 1.3}), "10-30 %");
    EXPECT_EQ(tools::share_text({0.7, 0.8, 0.9}), "10-30 %");
    EXPECT_EQ(tools::share_text({1.0001, 1.0001, 1.0001}), "<0.1 %");
    EXPECT_EQ(tools::share_text({1.0124, 1.0124, 1.0126}), "1.2-1.3 %");
    EXPECT_EQ(tools::share_text({0.95, 1, 1.12}), "5.0 % less to 12 % more");
    EXPECT_EQ(tools::share_text({2, 20, 31}), "100-3,000 %");
}

tools::Profile profile() {
    tools::Profile p;
    p.instruction = {1, 0.5, 2, "measured"};
    p.mov_cr3 = {100, 40, 170, "assumed: test"};
    p.invlpg = {40, 30, 50, "measured"};
    p.l1 = {3, 3, 3, "measured"};
    p.l2 = {10, 10, 10, "measured"};
    p.memory = {100, 100, 100, "measured"};
    p.l1_lines = {16, 8, 32, "assumed: test"};
    p.l2_lines = {64, 64, 64, "measured"};
    return p;
}

TEST(Sensitivity, TheWidestFigureComesFirst) {
    tools::EventCounts e;
    e.instructions = 100, e.cr3_writes = 10, e.invlpg = 1;
    const auto all = tools::influences(charges_of(e, {}), profile());
    ASSERT_EQ(all.size(), 3u) << "what was never paid is left out";
    EXPECT_EQ(name_of(all[0]), "cost.mov_cr3 (assumed)");
    EXPECT_EQ(all[0].width, 1300);
    EXPECT_EQ(name_of(all[1]), "cost.instruction");
    EXPECT_EQ(all[1].width, 150);
    EXPECT_EQ(all[2].width, 20);
    EXPECT_FALSE(all[0].turns_at);
}

TEST(Sensitivity, WithoutLinesTheWidthsAreTheInterval) {
    tools::EventCounts e;
    e.instructions = 100, e.cr3_writes = 10, e.invlpg = 7;
    double sum = 0;
    for (const tools::Influence& i : tools::influences(charges_of(e, {}), profile())) sum += i.width;
    EXPECT_EQ(sum, cycles(charges_of(e, {}), prices_of(profile())).width());
}

TEST(Sensitivity, TheNumberOfLinesMovesReadsFromOneCacheToTheOther) {
    tools::WalkCounts walks;
    walks.reads[1] = 10;  // found among 16 lines, but not among 8
    const auto all = tools::influences(charges_of({}, walks), profile());
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(name_of(all[0]), "walk.l1_lines (assumed)");
    EXPECT_EQ(all[0].at_low, 100);
    EXPECT_EQ(all[0].at_high, 30);
}

TEST(Sensitivity, SaysAtWhichValueADifferenceTurns) {
    tools::EventCounts flushing, instructions;
    flushing.cr3_writes = 1, instructions.instructions = 110;
    const auto all = tools::influences(charges_of(flushing, {}) - charges_of(instructions, {}), profile());
    ASSERT_FALSE(all.empty());
    const auto cr3 = std::find_if(all.begin(), all.end(), [](const tools::Influence& i) { return name_of(i) == "cost.mov_cr3 (assumed)"; });
    ASSERT_NE(cr3, all.end());
    ASSERT_TRUE(cr3->turns_at);
    EXPECT_DOUBLE_EQ(*cr3->turns_at, 110);
}

}  // namespace
