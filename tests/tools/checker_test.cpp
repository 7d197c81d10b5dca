// SPDX-License-Identifier: LGPL-2.1-or-later
// Each rule of a sound trace, broken once.
#include <gtest/gtest.h>

#include "complaint.hpp"

namespace {

namespace trace = mm::trace;
using tests::complaint;
using tests::complaint_about;
using tests::good_walk;
using tests::SmallTrace;
using tests::StreamBuilder;
using Id = trace::EventId;

TEST(Checker, TheSmallTraceIsSound) { EXPECT_EQ(complaint_about(SmallTrace::stream(), SmallTrace::run_json()), ""); }

TEST(Checker, SpansNestAndHaveNames) {
    EXPECT_EQ(complaint([](auto& b) { b.add(1, trace::SpanEdge{Id::span_end, 0, 1}); }), "span_end: no span is open");
    EXPECT_EQ(complaint([](auto& b) { b.add(1, trace::SpanEdge{Id::span_begin, 0, 1}), b.add(2, trace::SpanEdge{Id::span_end, 1, 2}); }),
              "span_end: ends span 1, but the innermost open span is 0");
    EXPECT_EQ(complaint([](auto& b) { b.add(1, trace::SpanEdge{Id::span_begin, 9, 1}); }), "span_begin: span has no name");
    EXPECT_EQ(complaint([](auto& b) { b.add(1, trace::SpanEdge{Id::span_begin, 5000, 1}); }), "span: id out of range");
    EXPECT_EQ(complaint([](auto& b) { b.add(1, trace::SpanEdge{Id::span_begin, 0, 9}), b.add(2, trace::SpanEdge{Id::span_end, 0, 8}); }),
              "span: instruction count goes back");
}

TEST(Checker, WalksServeTheirAccessOrFault) {
    const auto read_only = SmallTrace::walk(0x08048000, mm::AccessKind::write, true, 0x2067, 0x500025, mm::RefillCause::first_touch);
    EXPECT_EQ(complaint([&](auto& b) { b.add(1, read_only); }), "walk: its entries do not serve the access, but no fault is recorded");
    auto faulting = good_walk();
    faulting.walk.fault = true;
    EXPECT_EQ(complaint([&](auto& b) { b.add(1, faulting); }), "walk: its entries serve the access, but a fault is recorded");
    EXPECT_EQ(complaint([&](auto& b) {
                  b.add(1, trace::ControlWrite{Id::cr0_write, mm::cr0_pe, 0});
                  b.add(2, good_walk());
              }),
              "walk: while paging is off, or in long mode");
    EXPECT_EQ(complaint([&](auto& b) { b.add(1, trace::ObservedWalk{SmallTrace::walk(0xC2000000, mm::AccessKind::read, false, 0x020001E3, 0, mm::RefillCause::first_touch).walk, false, true}); }),
              "observed_walk: writes a table entry that it did not read");
}

TEST(Checker, RegistersDoNotChangeBetweenPackets) {
    StreamBuilder first{SmallTrace::state()};
    first.add(1, trace::Mark{1});
    trace::State other = SmallTrace::state();
    other.control.cr3 = 0x9000;
    StreamBuilder second{other};
    second.add(2, trace::Mark{2});
    std::string stream = first.bytes() + second.bytes();
    const uint32_t sequence = 1;
    std::memcpy(stream.data() + first.bytes().size() + offsetof(trace::PacketHeader, sequence), &sequence, sizeof sequence);
    EXPECT_NE(complaint_about(stream, SmallTrace::run_json(false)).find("state: CR3 differs from the end of the packet before"), std::string::npos);
}

TEST(Checker, PacketsAreInOrderAndNoneIsMissing) {
    StreamBuilder b{SmallTrace::state()};
    b.add(10, trace::Mark{1});
    const std::string one = b.bytes();
    EXPECT_NE(complaint_about(one + one, SmallTrace::run_json(false)).find("packet number 0 where 1 was expected"), std::string::npos);
    StreamBuilder late{SmallTrace::state()};
    late.add(5, trace::Mark{1});
    EXPECT_NE(complaint_about(one + late.bytes(), SmallTrace::run_json(false)).find("before the end of the packet before it"), std::string::npos);
}

TEST(Checker, RunJsonAgreesWithTheEvents) {
    std::string run = SmallTrace::run_json();
    const std::string key = "\"invlpg\": 1";
    run.replace(run.find(key), key.size(), "\"invlpg\": 7");
    EXPECT_NE(complaint_about(SmallTrace::stream(), run).find("invlpg: run.json says 7, but the events add up to 1; events are missing"), std::string::npos);
}

TEST(Checker, TotalsAreThoseOfTheCpus) {
    const auto with = [](const std::string& from, const std::string& to) {
        std::string run = SmallTrace::run_json();
        return run.replace(run.find(from), from.size(), to);
    };
    EXPECT_NE(complaint_about(SmallTrace::stream(), with("\"instructions\": 3000, \"ticks\"", "\"instructions\": 3001, \"ticks\"")).find("do not add up to the recording's"), std::string::npos);
    EXPECT_NE(complaint_about(SmallTrace::stream(), with("\"idle_ticks\": 0", "\"idle_ticks\": 1")).find("than the recording has ticks"), std::string::npos);
}

TEST(Checker, OtherVisibleFilesDoNotBelongThere) {
    const tests::TemporaryDirectory directory;
    SmallTrace::write(directory.path());
    tests::write_file(directory.path() / "notes.txt", "x");
    tools::Trace trace{directory.path()};
    EXPECT_THROW((void)check_trace(trace), tools::TraceError);
}

}  // namespace
