// SPDX-License-Identifier: LGPL-2.1-or-later
// What the table of translations remembers, and what it forgets at its bound.
#include "mm/translation_table.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "../seed.hpp"

namespace {

using mm::Pfn;
using mm::RefillCause;
using Table = mm::TranslationTable;

constexpr Table::Key page(uint32_t n) { return Table::key(n, Pfn{n + 7}, mm::page_shift); }

TEST(TranslationTable, KeepsSidesAndModelsApart) {
    Table t;
    const uint32_t place = t.find_or_add(page(5));
    t.set_cause(place, 0, 13, RefillCause::vmalloc_purge);
    t.set_cause(place, 1, 0, RefillCause::evicted);
    EXPECT_EQ(t.find_or_add(page(5)), place);
    EXPECT_EQ(t.cause(place, 0, 13), RefillCause::vmalloc_purge);
    EXPECT_EQ(t.cause(place, 1, 0), RefillCause::evicted);
    EXPECT_EQ(t.cause(place, 1, 13), RefillCause::first_touch);
    EXPECT_NE(t.find_or_add(Table::key(5, Pfn{12}, 22)), place) << "another size";
    EXPECT_NE(t.find_or_add(Table::key(5, Pfn{13}, mm::page_shift)), place) << "another frame";
}

TEST(TranslationTable, RemembersAllBelowItsBound) {
    Table t{1u << 14};
    for (uint32_t n = 0; n < 1u << 14; ++n) t.set_cause(t.find_or_add(page(n)), 0, 3, RefillCause::invlpg);
    for (uint32_t n = 0; n < 1u << 13; ++n) EXPECT_EQ(t.cause(t.find_or_add(page(n + (1u << 13))), 0, 3), RefillCause::invlpg);
    EXPECT_EQ(t.forgotten(), 0u);
}

TEST(TranslationTable, ForgetsTheOldestAtItsBound) {
    Table t{8};
    for (uint32_t n = 0; n < 9; ++n) t.set_cause(t.find_or_add(page(n)), 1, 2, RefillCause::smm);
    EXPECT_EQ(t.forgotten(), 1u) << "page 0";
    EXPECT_EQ(t.cause(t.find_or_add(page(1)), 1, 2), RefillCause::smm) << "renewed into the place of the next oldest, its own";
    EXPECT_EQ(t.forgotten(), 1u);
    EXPECT_EQ(t.cause(t.find_or_add(page(0)), 1, 2), RefillCause::first_touch);
    EXPECT_EQ(t.forgotten(), 2u) << "page 2";
    EXPECT_EQ(t.cause(t.find_or_add(page(1)), 1, 2), RefillCause::smm);
}

TEST(TranslationTable, FindsATranslationThatHasLeftItsPlace) {
    Table t{4};
    const uint32_t first = t.find_or_add(page(0));
    for (uint32_t n = 1; n < 4; ++n) (void)t.find_or_add(page(n));
    EXPECT_EQ(t.find_or_add(page(0), first), first) << "still there, and not renewed";
    const uint32_t renewed = t.find_or_add(page(0));
    t.set_cause(renewed, 0, 0, RefillCause::evicted);
    for (uint32_t n = 4; n < 6; ++n) (void)t.find_or_add(page(n));
    EXPECT_EQ(t.cause(t.find_or_add(page(0), first + 1), 0, 0), RefillCause::evicted) << "wherever it was before";
    for (uint32_t n = 6; n < 12; ++n) (void)t.find_or_add(page(n));
    EXPECT_EQ(t.cause(t.find_or_add(page(0), renewed), 0, 0), RefillCause::first_touch) << "forgotten, and another is in its place";
}

// Against a map that forgets nothing: a cause is true or forgotten, and never forgotten of what was asked for lately.
TEST(TranslationTable, SaysNothingFalse) {
    std::mt19937_64 random{tests::seed()};
    for (const uint32_t most : {8u, 64u, 8192u}) {
        Table t{most};
        std::map<Table::Key, RefillCause> truth;
        std::map<Table::Key, uint64_t> asked;
        uint64_t forgotten = 0;
        for (uint64_t now = 1; now < 60000; ++now) {
            const Table::Key key = page(static_cast<uint32_t>(random() % (random() % 4 ? most / 2 : 3 * most)));
            const uint32_t place = t.find_or_add(key);
            const RefillCause known = t.cause(place, 1, 5), was = truth.count(key) ? truth[key] : RefillCause::first_touch;
            if (known != was) {
                ASSERT_EQ(known, RefillCause::first_touch);
                ASSERT_GE(now - asked[key], most / 2);
                ++forgotten;
            }
            asked[key] = now;
            t.set_cause(place, 1, 5, truth[key] = static_cast<RefillCause>(1 + random() % (mm::refill_causes - 1)));
        }
        EXPECT_LE(forgotten, t.forgotten());
        EXPECT_GT(forgotten, 0u);
    }
}

}  // namespace
