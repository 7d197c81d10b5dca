// SPDX-License-Identifier: LGPL-2.1-or-later
// The tracker against a look at every instruction, on programs made by hand and at random.
#include "bochs-plugin/fetch_tracker.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "tests/seed.hpp"

namespace plugin {
namespace {

using Pages = std::vector<uint32_t>;

// Executes instructions as Bochs would: jumps go through the fast path's window first. Notes the pages that a check before each
// instruction finds, beside those that the tracker finds.
class Program {
    auto note() {
        return [this](mm::Vpn page) { tracked.push_back(page.raw); };
    }

public:
    Pages tracked, checked;
    unsigned quick = 0;  // of tracked: those that the inline path counted

    // The models serve fetches from this page.
    void serve(uint32_t page) { pages_[page].served[execute_kind] = mm::served_by_all; }

    explicit Program(uint32_t base = 0) : base_{base} { fast_.pages = pages_.data(), fast_.regions = regions_.data(); }

    void start(uint32_t ip) {
        ip_ = ip;
        tracker_.lose();
        lost_ = true;
    }
    void run(unsigned length) {
        begin(length);
        end(ip_ + length);
    }
    void jump(unsigned length, uint32_t target) {
        begin(length);
        const uint32_t last = ip_ + length - 1;
        const FetchPlace before = fast_.fetch;
        if (last - before.window < 4096 && target - before.window < 4096) return end(target);
        if (leave_page(fast_, last, target, instructions_)) {
            if (before.deferred && before.page != before.fetched) tracked.push_back(before.page), ++quick;
        } else {
            tracker_.run_to(last, note());
            tracker_.jump(target, instructions_);
        }
        end(target);
    }
    // A slow data access of an instruction of that length.
    void access(unsigned length) {
        begin(length);
        tracker_.run_to(ip_ + length - 1, note());
        EXPECT_EQ(tracked, checked);
        end(ip_ + length);
    }
    void interrupt(uint32_t handler) {
        tracker_.run_before(ip_, instructions_, note());
        EXPECT_EQ(tracked, checked);
        start(handler);
    }
    void flush() {
        begin(3);
        tracker_.run_to(ip_ + 2, note());
        tracker_.forget_page();
        last_checked_ = no_page;
        tracker_.jump(ip_ + 3, instructions_);
        end(ip_ + 3);
    }
    uint32_t ip() const { return ip_; }

private:
    void begin(unsigned length) {
        if (lost_) tracker_.start(base_, ip_, note());
        lost_ = false;
        check((base_ + ip_) >> 12);
        check((base_ + ip_ + length - 1) >> 12);
    }
    void end(uint32_t next) {
        ip_ = next;
        ++instructions_;
    }
    void check(uint32_t page) {
        if (page != last_checked_) checked.push_back(last_checked_ = page);
    }

    uint32_t base_, ip_ = 0, last_checked_ = no_page;
    uint64_t instructions_ = 0;
    bool lost_ = true;
    std::vector<mm::PageRecord> pages_{mm::linear_pages};
    std::vector<mm::RegionRecord> regions_{mm::linear_regions};
    FastPath fast_;
    FetchTracker tracker_{fast_.fetch};
};

TEST(FetchTracker, FollowsJumpsBetweenPages) {
    Program p;
    p.start(0x1000);
    p.run(5);
    p.jump(2, 0x3000);
    p.run(1);
    p.jump(2, 0x1100);
    p.access(4);
    EXPECT_EQ(p.tracked, (Pages{1, 3, 1}));
}

TEST(FetchTracker, CountsServedPagesInline) {
    Program p;
    for (uint32_t page : {1u, 3u}) p.serve(page);
    p.start(0x1000);
    p.jump(2, 0x3000);  // page 1 was looked up when it was started at
    p.jump(2, 0x1100);
    p.jump(2, 0x5000);
    p.jump(2, 0x3000);  // page 5 is not served
    p.access(4);
    EXPECT_EQ(p.tracked, (Pages{1, 3, 1, 5, 3}));
    EXPECT_EQ(p.quick, 2u);
}

TEST(FetchTracker, AFetchIsCountedBeforeTheAccessesOfItsInstruction) {
    std::vector<mm::PageRecord> pages(8);
    std::vector<mm::RegionRecord> regions(1);
    FastPath fast;
    fast.pages = pages.data(), fast.regions = regions.data();
    pages[5].served[execute_kind] = mm::served_by_all;
    fast.fetch.page = 5, fast.fetch.deferred = true;
    EXPECT_TRUE(count_fetch_first(fast));
    EXPECT_EQ(pages[5].used[execute_kind], 1u);
    EXPECT_FALSE(fast.fetch.deferred);
    EXPECT_TRUE(count_fetch_first(fast));
    EXPECT_EQ(fast.clock.fetches, 1u) << "once";
    fast.fetch.page = 6, fast.fetch.deferred = true;
    EXPECT_FALSE(count_fetch_first(fast)) << "page 6 is not served: it must be asked for";
}

TEST(FetchTracker, SeesAnInstructionOnTwoPages) {
    Program p;
    p.start(0x1FFA);
    p.run(4);
    p.jump(5, 0x1000);  // 0x1FFE..0x2002
    p.access(2);
    EXPECT_EQ(p.tracked, (Pages{1, 2, 1}));
}

TEST(FetchTracker, RunsThroughPages) {
    Program p;
    p.start(0x1FFF);
    p.run(1);
    for (int n = 0; n < 1000; ++n) p.run(8);
    p.access(1);
    EXPECT_EQ(p.tracked, (Pages{1, 2, 3}));
}

TEST(FetchTracker, AnInterruptBeforeTheTargetHidesIt) {
    Program p;
    p.start(0x1000);
    p.jump(2, 0x5000);
    p.interrupt(0x9000);
    p.access(3);
    EXPECT_EQ(p.tracked, (Pages{1, 9}));
}

TEST(FetchTracker, AnInterruptAtTheTargetsFirstByteAfterALoopDoesNot) {
    Program p;
    p.start(0x1000);
    p.jump(2, 0x5000);
    p.run(2);
    p.jump(2, 0x5000);
    p.interrupt(0x9000);
    p.access(3);
    EXPECT_EQ(p.tracked, (Pages{1, 5, 9}));
}

TEST(FetchTracker, AFlushFetchesTheSamePageAgain) {
    Program p;
    p.start(0x1000);
    p.flush();
    p.access(3);
    EXPECT_EQ(p.tracked, (Pages{1, 1}));
}

TEST(FetchTracker, SegmentsMayBeginAnywhere) {
    Program p{0x12345678};
    p.start(0x1000);
    p.jump(2, 0x900);
    p.access(3);
    p.jump(3, 0x40);
    p.access(3);
    EXPECT_EQ(p.tracked, p.checked);
}

TEST(FetchTracker, AgreesWithACheckOfEveryInstruction) {
    std::mt19937_64 random{tests::seed()};
    const auto below = [&](uint32_t n) { return static_cast<uint32_t>(random() % n); };
    Program p{below(2) ? 0 : 0x00400123u};
    for (uint32_t page = 0; page < 0x600; ++page)
        if (below(2)) p.serve(page);
    p.start(0x10000);
    for (int n = 0; n < 200000; ++n) {
        const unsigned length = 1 + below(15);
        // Targets cluster at page boundaries, where it matters.
        const uint32_t target = 0x10000 + below(8) * 4096 + (below(2) ? below(4096) : (4096 - 20 + below(40)) % 4096);
        switch (below(12)) {
        case 0: p.jump(length, target); break;
        case 1: p.jump(length, p.ip() + below(64)); break;
        case 2: p.access(length); break;
        case 3: p.interrupt(target); break;
        case 4: p.flush(); break;
        default: p.run(length);
        }
        if (testing::Test::HasFailure()) break;
    }
    p.access(1);
    EXPECT_EQ(p.tracked, p.checked);
}

}  // namespace
}  // namespace plugin
