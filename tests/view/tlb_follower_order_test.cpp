// SPDX-License-Identifier: LGPL-2.1-or-later
// What a viewer makes of events in an order that a guest seldom has: the TLBs that it shows, from the beginning and behind checkpoints.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/view/snapshot_text.hpp"
#include "tools/profile_geometry.hpp"
#include "tools/view/tlb_follower.hpp"

namespace {

namespace trace = mm::trace;
using tools::view::TlbFollower;

// A recording of reads by a program, told event by event to who follows it, and to who goes through checkpoints as well.
class Told final {
public:
    explicit Told(const std::string& profile, bool references)
        : figures_{tools::find_profile(profile)}, recording_{tools::RunInfo{.profiles = {profile}}, &figures_, 0, references, 1024}, follower_{recording_}, traveller_{recording_} {
        state_.control = {mm::cr0_pe | mm::cr0_pg | mm::cr0_wp, 0x1000, mm::cr4_pse | mm::cr4_pge, 0, 36};
        tell(state_);
    }

    template <class Event> void tell(const Event& e) { ++time_, follower_.take(time_, e, state_), traveller_.take(time_, e, state_); }
    void refer(unsigned page) {
        const uint32_t w = trace::Reference{mm::Vpn{page}, read_, 0}.encode();
        const uint8_t bytes[] = {static_cast<uint8_t>(w), static_cast<uint8_t>(w >> 8), static_cast<uint8_t>(w >> 16), static_cast<uint8_t>(w >> 24)};
        tell(trace::References{1, bytes});
    }
    void walk(unsigned page, uint64_t pde = 0x2067) {
        tell(trace::ModelWalk{{mm::Vpn{page}, read_, false, 2, pde, 0x67 + (uint64_t{page} << mm::page_shift)}, mm::RefillCause::evicted, trace::all_profiles, 0});
    }
    // A reference to a page that is not mapped, and what comes of it; no TLB has anything of it that could be dropped.
    void fault(unsigned page) {
        refer(page);
        tell(trace::ModelWalk{{mm::Vpn{page}, read_, true, 2, 0x2067, 0}, mm::RefillCause::fault, trace::all_profiles, 0});
        tell(trace::PageFault{mm::address(mm::Vpn{page}), 0, {}});
    }
    void go_through_a_checkpoint() {
        const auto saved = traveller_.save();
        traveller_.restore(nullptr), traveller_.restore(saved.get());
    }

    [[nodiscard]] uint64_t time() const { return time_; }
    [[nodiscard]] std::vector<tools::view::TlbView> views() const { return follower_.views(); }
    [[nodiscard]] std::vector<uint32_t> pages() const {
        std::vector<uint32_t> pages;
        for (const auto& view : views())
            for (const auto& e : view.entries)
                if (e.valid) pages.push_back(e.page);
        return std::sort(pages.begin(), pages.end()), pages;
    }
    [[nodiscard]] uint64_t out_of_turn() const { return follower_.out_of_turn(); }
    [[nodiscard]] bool agree() const { return follower_.out_of_turn() == traveller_.out_of_turn() && tests::text_of(follower_.views()) == tests::text_of(traveller_.views()); }

private:
    static constexpr mm::Access read_{mm::AccessKind::read, true};
    const tools::Profile figures_;
    const tools::view::Recording recording_;
    TlbFollower follower_, traveller_;
    trace::State state_{};
    uint64_t time_ = 0;
};

// Each walk is told behind one more lookup, so that one always waits: the others that were made take no room.
TEST(TlbFollower, HasRoomForLookupsThatWait) {
    Told told{"p6", true};
    const auto page = [](unsigned n) { return n % 3000; };
    told.refer(0);
    for (unsigned n = 1; n < 140000; ++n) {
        told.refer(page(n)), told.walk(page(n - 1));
        if (n % 30000 == 0) told.go_through_a_checkpoint();
        ASSERT_EQ(told.out_of_turn(), 0u) << n;
    }
    EXPECT_TRUE(told.agree());
}

// A triple fault: the last fault has dropped nothing and tells no flush, so the next flush that is told is the reset's.
TEST(TlbFollower, IsEmptyAfterAResetBehindAFaultThatDroppedNothing) {
    Told told{"p6", true};
    for (const unsigned page : {16, 17, 18}) told.refer(page), told.walk(page);
    for (int n = 0; n < 3; ++n) told.fault(0);
    EXPECT_EQ(told.pages(), (std::vector<uint32_t>{16, 17, 18}));
    told.tell(trace::Flush{mm::RefillCause::control, 0, {0, 3, 0, 0}});
    EXPECT_EQ(told.pages(), std::vector<uint32_t>{});
    EXPECT_TRUE(told.agree());
}

// The recorder had made room with it before: it dropped nothing, and tells no flush.
TEST(TlbFollower, DropsWhatIsInvalidatedWithoutReferences) {
    Told told{"p6", false};
    for (const unsigned page : {16, 32}) told.walk(page);
    told.tell(trace::InvalidatePage{mm::address(mm::Vpn{32}), 0});
    told.tell(trace::Mark{1});
    EXPECT_EQ(told.pages(), std::vector<uint32_t>{16});
    EXPECT_TRUE(told.agree());
}

TEST(TlbFollower, GoesOnBehindALookupWhoseWalkIsNotTold) {
    Told told{"p6", true}, whole{"p6", true};
    told.refer(5);
    for (unsigned page = 16; page < 400; ++page)
        for (Told* const each : {&told, &whole}) each->refer(page), each->walk(page);
    EXPECT_EQ(told.out_of_turn(), 1u);
    EXPECT_EQ(told.pages(), whole.pages());
    EXPECT_TRUE(told.agree());
}

TEST(TlbFollower, TellsWhenADirectoryEntryGotOtherRights) {
    Told told{"nehalem", false};
    told.walk(5), told.walk(5, 0x2063);
    const auto entry = told.views().back().entries[0];
    EXPECT_TRUE(entry.valid);
    EXPECT_FALSE(entry.user);
    EXPECT_EQ(entry.filled, told.time());
}

}  // namespace
