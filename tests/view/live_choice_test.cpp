// SPDX-License-Identifier: LGPL-2.1-or-later
// What a viewer of a live recording has chosen, a CPU among them, is what it shows, in the words that a trace has.
#include <gtest/gtest.h>

#include "live_recording.hpp"
#include "tools/view/live_source.hpp"

namespace tools::view {
namespace {

using namespace std::chrono_literals;

TEST(LiveChoice, KnowsWhereTheKernelsPartBeginsAtFourFour) {
    LiveRecording recording{[](const plugin::LiveOrder& order) {
        plugin::LiveSnapshot s = small_snapshot(order, 1);
        s.regions = {{"user", 0x1000, 0xFF000000, {}}, {"lowmem", 0x02000000, 0x42000000, {}}, {"trampoline", 0xFFFC0000, 0xFFFFF000, {}}};
        return s;
    }};
    LiveSource source{recording.socket(), {}};
    EXPECT_EQ(source.snapshot().linear.split, (SplitLine{0x02000000, true, 0xFFFC0000}));
}

TEST(LiveChoice, NamesTheAddressSpaceOfTasksThatNobodyKnows) {
    LiveRecording recording{[](const plugin::LiveOrder& order) {
        plugin::LiveSnapshot s = small_snapshot(order, order.cpu + 1);
        s.cpus[0].task.clear();
        s.cpus[1].registers.control.cr0 = mm::cr0_pe;
        return s;
    }};
    EXPECT_EQ((LiveSource{recording.socket(), {}}.snapshot().task), "cr3 00001000");
    EXPECT_EQ((LiveSource{recording.socket(), {}, "", 1}.snapshot().task), "paging off");
}

TEST(LiveChoice, ShowsFromTheBeginningWhatWasChosen) {
    LiveRecording recording{[](const plugin::LiveOrder& order) { return small_snapshot(order, 1); }};
    for (int n = 0; n < 20; ++n) {  // each time the answer to what a viewer has not chosen yet may be on its way
        LiveSource source{recording.socket(), {}, "skylake", 1};
        EXPECT_EQ(source.snapshot().cpu, 1u);
        EXPECT_EQ(source.snapshot().profile, "skylake");
        EXPECT_EQ(source.snapshot().instructions, 300u);
    }
}

// The very first moment that a viewer is told may be the last one.
TEST(LiveChoice, SaysWhetherNothingIsRecordedYetOrAnyMore) {
    for (const bool over : {false, true}) {
        LiveRecording recording{[over](const plugin::LiveOrder& order) {
            plugin::LiveSnapshot s = small_snapshot(order, 1);
            s.recording = false, s.last = over;
            return s;
        }};
        EXPECT_EQ((LiveSource{recording.socket(), {}}.snapshot().note), over ? "the recording has ended" : "the recording has not started yet");
    }
}

TEST(LiveChoice, ShowsNoWalkOfAnotherCpu) {
    LiveRecording recording{[](const plugin::LiveOrder& order) {
        plugin::LiveSnapshot s = small_snapshot(order, 1);
        if (s.inspection) s.inspection->steps[1].value = order.cpu ? 0x33067 : 0x12067;
        return s;
    }};
    LiveSource source{recording.socket(), {}};
    const auto wait_for_answer = [&] {
        for (int n = 0; n < 5000 && source.inspect(mm::VirtAddr{0x2ABC}).pending; ++n, std::this_thread::sleep_for(2ms)) source.poll();
        return source.inspect(mm::VirtAddr{0x2ABC});
    };
    EXPECT_EQ(wait_for_answer().frame, mm::Pfn{0x12});
    source.set_cpu(1);
    EXPECT_TRUE(source.inspect(mm::VirtAddr{0x2ABC}).pending) << "what CPU 0 has there";
    EXPECT_EQ(wait_for_answer().frame, mm::Pfn{0x33});
}

}  // namespace
}  // namespace tools::view
