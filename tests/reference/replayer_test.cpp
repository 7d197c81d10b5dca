// SPDX-License-Identifier: LGPL-2.1-or-later
// A recording that the reference model agrees with, and then each thing in it changed once: the replay must see it.
#include <gtest/gtest.h>

#include <functional>

#include "replayer.hpp"

namespace {

namespace trace = mm::trace;
using namespace reference;
using Id = trace::EventId;

constexpr uint64_t pde = 0x2067, first_pte = 0x5067, second_pte = 0x6067;

// Two CPUs: with a second level and a directory cache, and without either.
std::vector<mm::MmuGeometry> profiles() {
    return {{.profile = "two-level", .instruction = {{2, 2}, {}, false}, .data = {{1, 1}, {}, false}, .second_data = {{4, 4}, {}, false}, .pde_cache = {2, 2}},
            {.profile = "plain", .instruction = {{2, 2}, {}, false}, .data = {{1, 1}, {}, false}}};
}

trace::ModelWalk walk(uint32_t page, uint64_t pte, Cause cause, uint16_t of, uint16_t cached = 0) {
    return {{mm::Vpn{page}, {mm::AccessKind::read, true}, false, 2, pde, pte}, cause, of, cached};
}

// Every event of it may be replaced or left out (by number) before it is replayed.
struct Recording {
    trace::ModelWalk first = walk(5, first_pte, Cause::first_touch, trace::all_profiles);
    trace::ModelWalk second = walk(6, second_pte, Cause::first_touch, 2), second_cached = walk(6, second_pte, Cause::first_touch, 1, 1);
    trace::ModelWalk back = walk(5, first_pte, Cause::evicted, 2), refill = walk(5, first_pte, Cause::context_switch, trace::all_profiles);
    trace::Flush two_level{Cause::context_switch, 0, {0, 1, 2, 1}}, plain{Cause::context_switch, 1, {0, 1, 0, 0}};
    trace::SecondHits hits{0, 1};
    trace::Counters counted{0, 100, {0, 0, 0}, {7, 4, 3}}, counted_plain{1, 100, {0, 0, 0}, {7, 4, 4}};
    int left_out = -1;

    // What the replay says: empty if it agrees.
    std::string replay() const {
        Replayer replayer{profiles()};
        trace::State state;
        state.control = {mm::cr0_pe | mm::cr0_pg | mm::cr0_wp, 0x1000, mm::cr4_pse | mm::cr4_pge, 0, 36};
        int n = 0;
        const auto take = [&](const auto& event) { if (n++ != left_out) replayer.take(event, state); };
        const auto look_up = [&](std::initializer_list<trace::Reference> list) {
            std::vector<uint8_t> bytes;
            for (const trace::Reference& r : list)
                for (unsigned shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<uint8_t>(r.encode() >> shift));
            take(trace::References{static_cast<unsigned>(list.size()), bytes.data()});
        };
        const trace::Reference five{mm::Vpn{5}, {mm::AccessKind::read, true}, 0}, six{mm::Vpn{6}, {mm::AccessKind::read, true}, 0};
        try {
            take(state);
            look_up({{five.page, five.access, 2}, six});  // the walk for 5 is still to come
            take(first);
            take(second), take(second_cached);
            look_up({five, five});
            take(back);
            take(trace::ControlWrite{Id::cr3_write, 0x9000, 0});
            take(two_level), take(plain);
            look_up({five});
            take(refill);
            take(hits);
            take(counted), take(counted_plain);
            replayer.finish();
        } catch (const Difference& d) {
            return d.what();
        }
        return "";
    }
};

std::string replayed(const std::function<void(Recording&)>& change) {
    Recording r;
    change(r);
    return r.replay();
}

TEST(Replayer, AgreesWithASoundRecording) { EXPECT_EQ(Recording{}.replay(), ""); }

TEST(Replayer, NoEventMayBeMissing) {
    // Not the CR3 write (7): a flush that nothing announces is of everything, and here no page is global. Counters only compare.
    for (const int n : {1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12}) EXPECT_NE(replayed([&](auto& r) { r.left_out = n; }), "") << "event " << n;
}

TEST(Replayer, SeesEachDifferenceInAWalk) {
    EXPECT_EQ(replayed([](auto& r) { r.back.cause = Cause::first_touch; }), "plain: user read of page 0x5: the cause is evicted, but recorded is first_touch");
    EXPECT_EQ(replayed([](auto& r) { r.refill.cause = Cause::invlpg; }), "two-level: user read of page 0x5: the cause is context_switch, but recorded is invlpg");
    EXPECT_EQ(replayed([](auto& r) { r.second_cached.walk.pde = 0x3067; }), "two-level: user read of page 0x6: the directory entry is 0x2067, but recorded is 0x3067");
    EXPECT_EQ(replayed([](auto& r) { r.second_cached.cached = 0; }), "two-level: the directory entry of the user read of page 0x6 is cached, but not in the recording");
    EXPECT_EQ(replayed([](auto& r) { r.first.cached = 1; }), "two-level: the directory entry of the user read of page 0x5 was cached, says the recording");
    EXPECT_EQ(replayed([](auto& r) { r.first.walk.fault = true; }), "two-level: user read of page 0x5: the fault is 0, but recorded is 1");
    EXPECT_EQ(replayed([](auto& r) { r.first.walk.page = mm::Vpn{7}; }), "a walk for a user read of page 0x7 is recorded, but the next lookup that walks is a user read of page 0x5");
    EXPECT_EQ(replayed([](auto& r) { r.back.profiles = 1; }), "two-level: a walk for the user read of page 0x5 is recorded, but it is served");
}

TEST(Replayer, SeesEachDifferenceInAFlush) {
    EXPECT_NE(replayed([](auto& r) { r.two_level.dropped.second = 1; }), "");
    EXPECT_NE(replayed([](auto& r) { r.two_level.dropped.pde = 0; }), "");
    EXPECT_NE(replayed([](auto& r) { r.plain.dropped.instruction = 1; }), "");
    EXPECT_EQ(replayed([](auto& r) { r.plain.dropped.data = 2; }), "plain: the flush for context_switch drops 0 instruction, 1 data, 0 second-level and 0 directory entries, "
                                                                   "but recorded are 0 instruction, 2 data, 0 second-level and 0 directory entries");
    EXPECT_EQ(replayed([](auto& r) { r.plain.profile = 0; }), "two-level: two flush events for one flush");
}

TEST(Replayer, SeesEachDifferenceInTheCounters) {
    EXPECT_EQ(replayed([](auto& r) { r.hits.hits = 2; }), "two-level: the second level has served 1 lookups, but recorded are 2");
    EXPECT_EQ(replayed([](auto& r) { r.counted.data.lookups = 8; }), "two-level: data lookups are 7, but recorded are 8");
    EXPECT_EQ(replayed([](auto& r) { r.counted.data.misses = 3; }), "two-level: data misses are 4, but recorded are 3");
    EXPECT_EQ(replayed([](auto& r) { r.counted_plain.data.walks = 3; }), "plain: data walks are 4, but recorded are 3");
    EXPECT_EQ(replayed([](auto& r) { r.counted_plain.instruction.lookups = 1; }), "plain: instruction lookups are 0, but recorded are 1");
}

}  // namespace
