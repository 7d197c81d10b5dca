// SPDX-License-Identifier: LGPL-2.1-or-later
// Which flushes were useless, on streams whose every flush is known; and against a slow search through the whole past.
#include <gtest/gtest.h>

#include <map>

#include "small_trace.hpp"
#include "test_paths.hpp"
#include "tests/seed.hpp"
#include "tools/statistics.hpp"

namespace {

namespace trace = mm::trace;
using tests::SmallTrace;
using tools::Useless;
using Id = trace::EventId;
using enum mm::RefillCause;

constexpr uint32_t switcher = 0xC0100020, invalidator = 0xC0100030;

// One for each of the golden profile and its twins.
std::vector<tools::FlushReport> reports_of(const std::string& stream, size_t profiles = 1) {
    std::vector<tools::Profile> costs(profiles, tools::read_profile(tests::data_directory() / "golden.toml"));
    std::string run = SmallTrace::run_json(false), names;
    for (size_t n = 1; n < profiles; ++n) costs[n].name += std::to_string(n), names += ", \"" + costs[n].name + "\"";
    run.insert(run.find("[\"p6\"]") + 5, names);
    const tests::TemporaryDirectory directory;
    tests::write_trace(directory.path(), stream, run);
    tools::Trace t{directory.path()};
    return collect_statistics(t, std::move(costs)).flushes;
}

// Writes a stream and remembers the time.
class Flushes final {
public:
    void walk(uint32_t linear, mm::RefillCause cause) {
        b_.add(++now_, SmallTrace::walk(linear, mm::AccessKind::read, true, 0x2067, 0x500067, cause));
    }
    void write_cr3(uint32_t value, unsigned dropped, mm::RefillCause cause = context_switch) {
        b_.add(++now_, trace::ControlWrite{Id::cr3_write, value, switcher});
        if (dropped) b_.add(now_, trace::Flush{cause, 0, {0, dropped, 0, 0}});
    }
    void invalidate(uint32_t linear, unsigned dropped, unsigned directory_entries = 0) {
        b_.add(++now_, trace::InvalidatePage{mm::VirtAddr{linear}, invalidator});
        if (dropped + directory_entries) b_.add(now_, trace::Flush{invlpg, 0, {0, dropped, 0, directory_entries}});
    }
    tools::FlushReport report() { return reports_of(b_.bytes()).at(0); }

private:
    tests::StreamBuilder b_{SmallTrace::state()};
    uint64_t now_ = 0;
};

TEST(UselessFlushes, AnInvlpgOfAPageThatNoTlbHeld) {
    Flushes f;
    f.invalidate(0x1000, 0);
    f.invalidate(0x2000, 0, 3);  // only directory entries
    f.walk(0x3000, first_touch);
    f.invalidate(0x3000, 1);
    f.walk(0x3000, invlpg);
    const auto r = f.report();
    EXPECT_EQ(r.executed(tools::FlushKind::invlpg), 3u);
    EXPECT_EQ(r.useless(Useless::not_cached), 2u);
    EXPECT_EQ(r.useless(Useless::nothing_refilled), 0u);
    ASSERT_EQ(r.sites.size(), 1u);
    EXPECT_EQ(r.sites[0].ip, invalidator);
    EXPECT_EQ(r.sites[0].refills, 1u);
}

TEST(UselessFlushes, Cr3WrittenWithItsOwnValue) {
    Flushes f;
    f.walk(0x3000, first_touch);
    f.write_cr3(0x1000, 1);             // what SmallTrace starts with
    f.walk(0x3000, context_switch);
    f.write_cr3(0x5000, 1);
    f.walk(0x3000, context_switch);
    f.write_cr3(0x5000, 1, kmap_wrap);  // the same again, but the guest says why
    f.walk(0x3000, kmap_wrap);
    const auto r = f.report();
    EXPECT_EQ(r.executed(tools::FlushKind::cr3_write), 3u);
    EXPECT_EQ(r.useless(Useless::same_value), 1u);
    EXPECT_EQ(r.useless(Useless::nothing_dropped), 0u);
    EXPECT_EQ(r.useless(Useless::nothing_refilled), 0u);
}

TEST(UselessFlushes, ARefillIsPaidForByTheFlushThatDroppedThePageNotByTheLastOne) {
    Flushes f;
    f.walk(0x3000, first_touch);
    f.write_cr3(0x5000, 1);          // drops 3000
    f.walk(0x4000, first_touch);
    f.write_cr3(0x1000, 1);          // drops 4000, which is never walked for again
    f.walk(0x3000, context_switch);
    f.write_cr3(0x1000, 0);          // (nothing, says the model)
    const auto r = f.report();
    EXPECT_EQ(r.useless(Useless::nothing_refilled), 1u);
    EXPECT_EQ(r.useless(Useless::nothing_dropped), 1u);
    EXPECT_EQ(r.useless(Useless::same_value), 0u) << "the guest may have had a reason: it is recorded with what was dropped";
    EXPECT_EQ(r.sites.at(0).refills, 1u);
}

TEST(UselessFlushes, TheReasonIsKnownIfAnyProfileLostSomething) {
    for (const bool given : {false, true}) {
        tests::StreamBuilder b{SmallTrace::state()};
        b.add(1, trace::ControlWrite{Id::cr3_write, 0x1000, switcher});
        b.add(1, trace::Flush{given ? kmap_wrap : context_switch, 1, {0, 1, 0, 0}});
        const auto reports = reports_of(b.bytes(), 2);
        for (const tools::FlushReport& r : reports) EXPECT_EQ(r.useless(Useless::same_value), given ? 0u : 1u);
        EXPECT_EQ(reports[0].useless(Useless::nothing_dropped), 1u) << "by this one's TLBs";
        EXPECT_EQ(reports[1].useless(Useless::nothing_dropped), 0u);
    }
}

// Only directory entries were dropped: the event has the reason all the same.
TEST(UselessFlushes, TheReasonIsKnownFromDirectoryEntriesAlone) {
    for (const bool given : {false, true}) {
        tests::StreamBuilder b{SmallTrace::state()};
        b.add(1, trace::ControlWrite{Id::cr3_write, 0x1000, switcher});
        b.add(1, trace::Flush{given ? vmalloc_purge : context_switch, 0, {0, 0, 0, 2}});
        EXPECT_EQ(reports_of(b.bytes()).at(0).useless(Useless::same_value), given ? 0u : 1u);
    }
}

// Pages are walked for, and flushed one by one or all at once. The slow way remembers every flush and searches.
TEST(UselessFlushes, AgreeWithASearchThroughThePast) {
    std::mt19937_64 random{tests::seed()};
    constexpr uint32_t pages = 12;
    Flushes f;
    struct Past {
        bool all;
        uint32_t page;
        bool refilled;
    };
    std::vector<Past> past;
    std::map<uint32_t, size_t> filled, dropped;  // page -> how many flushes there were then; which flush dropped it
    uint32_t cr3 = 0x1000;
    for (int step = 0; step < 5000; ++step) {
        const auto page = static_cast<uint32_t>(1 + random() % pages);
        const auto drop = [&](uint32_t p) { dropped[p] = past.size(), filled.erase(p); };
        if (const auto action = random() % 4; action < 2) {
            if (filled.count(page)) continue;  // a hit
            const auto by = dropped.find(page);
            f.walk(page << 12, by == dropped.end() ? first_touch : past[by->second].all ? context_switch : invlpg);
            if (by != dropped.end()) past[by->second].refilled = true;
            dropped.erase(page);
            filled[page] = past.size();
        } else if (action == 2) {
            const bool held = filled.count(page);
            f.invalidate(page << 12, held);
            if (held) drop(page), past.push_back({false, page, false});
        } else {
            f.write_cr3(cr3 ^= 0x4000, static_cast<unsigned>(filled.size()));
            if (filled.empty()) continue;
            while (!filled.empty()) drop(filled.begin()->first);
            past.push_back({true, 0, false});
        }
    }
    // One that is certainly useless, whatever the seed.
    f.walk((pages + 1) << 12, first_touch);
    f.invalidate((pages + 1) << 12, true);
    past.push_back({false, pages + 1, false});
    uint64_t useless = 0;
    for (const Past& p : past) useless += !p.refilled;
    const auto r = f.report();
    EXPECT_GT(useless, 0u);
    EXPECT_EQ(r.useless(Useless::nothing_refilled), useless);
}

}  // namespace
