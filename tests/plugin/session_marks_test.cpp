// SPDX-License-Identifier: LGPL-2.1-or-later
// Recordings that start and end somewhere in the guest's run.
#include <gtest/gtest.h>

#include <memory>

#include "bochs-plugin/session.h"
#include "fake_machine.hpp"
#include "recorded.hpp"

namespace plugin {
namespace {

using namespace mm;
using protocol::Op;

class SessionMarks : public testing::Test {
protected:
    void begin(const std::string& start, const std::string& until, uint64_t limit = 0) {
        Options options;
        options.output = trace;
        options.instructions = limit;
        if (!start.empty()) {
            ASSERT_EQ(parse_run_mark(start, options.start), "");
        }
        if (!until.empty()) {
            ASSERT_EQ(parse_run_mark(until, options.until), "");
        }
        session = std::make_unique<Session>(options, Session::Setup{1, 64, 50000000, "p3_katmai"},
                                            Session::Control{[this] { ++stops; }, [] { return false; }, [this] { ++pauses; }});
        ASSERT_TRUE(session->create()) << session->error();
        ASSERT_TRUE(session->add_cpu(machine, fast));
    }
    void say(Op op, uint32_t operand, std::initializer_list<uint32_t> words = {}) {
        for (uint32_t word : words) session->port_write(0, protocol::argument_port, 4, word, at);
        session->port_write(0, protocol::command_port, 4, protocol::command(op, operand), at);
    }
    void run_to(uint64_t instructions, uint64_t ticks) { machine.done = instructions, machine.now = ticks; }
    // As Bochs does after a pause.
    void start() {
        trace::State paged;
        paged.control.cr0 = cr0_pe | cr0_pg;
        paged.control.cr3 = 0x1000;
        session->start({paged}, at);
        session->cpu(0).next_instruction(at);
    }
    bool has(const std::string& text) const { return contents_of(trace + "/.zonescope/run.json").find(text) != std::string::npos; }

    const Position at{0x5000, 0x5000, 0, false};
    TemporaryDirectory directory;
    const std::string trace = directory / "trace";
    FakeMachine machine;
    FastPath fast;
    std::unique_ptr<Session> session;
    int stops = 0, pauses = 0;
};

TEST_F(SessionMarks, RecordsNothingBeforeTheStart) {
    begin("mark:7", "");
    machine.map(Vpn{5}, Pfn{0x15}, {true, true, false, false});
    run_to(1000, 1500);
    say(Op::span_name, 3, {0x6C6C756E});
    say(Op::span_begin, 3);
    say(Op::mark, 6);
    EXPECT_FALSE(session->recording());
    EXPECT_EQ(pauses, 0);
    say(Op::mark, 7);
    EXPECT_EQ(pauses, 1);
    EXPECT_TRUE((session->due() == Session::Due::start));
    EXPECT_FALSE(session->recording()) << "until no instruction is running";
    run_to(1001, 1501);
    start();
    EXPECT_TRUE(session->recording());
    EXPECT_FALSE((session->due() == Session::Due::start));
    say(Op::span_end, 3);
    say(Op::mark, 7);
    EXPECT_EQ(pauses, 1) << "the first time counts";
    run_to(2000, 4000);
    EXPECT_TRUE(session->finish(EndReason::shutdown, ""));
    EXPECT_TRUE(has(R"("start": {"mark": "mark:7", "met": true, "ticks": 1500, "instructions": 1000})"));
    EXPECT_TRUE(has(R"("complete": true)"));
    EXPECT_TRUE(has(R"("instructions": 1000, "idle_ticks": 1500)")) << "those since the mark";
    EXPECT_TRUE(recorded<trace::SpanEdge>(trace + "/cpu0").empty()) << "its begin is not recorded";
    EXPECT_EQ(recorded<trace::SpanName>(trace + "/cpu0").size(), 1u) << "told anew";
    EXPECT_EQ(recorded<trace::Mark>(trace + "/cpu0").size(), 1u) << "the one that started it is before the start";
    const auto counters = recorded<trace::Counters>(trace + "/cpu0");
    ASSERT_EQ(counters.size(), 1u);
    EXPECT_EQ(counters[0].instructions, 1000u);
    EXPECT_EQ(recorded<trace::ModelWalk>(trace + "/cpu0").size(), 1u) << "the fetch of the first instruction";
}

TEST_F(SessionMarks, ASpanThatIsTheMarkIsRecordedWhole) {
    begin("span:null", "");
    say(Op::span_name, 3, {0x6C6C756E});
    run_to(100, 100);
    say(Op::span_begin, 3);
    run_to(101, 101);
    start();
    run_to(147, 147);
    say(Op::span_end, 3);
    session->finish(EndReason::shutdown, "");
    const auto edges = recorded<trace::SpanEdge>(trace + "/cpu0");
    ASSERT_EQ(edges.size(), 2u);
    EXPECT_EQ(edges[1].instructions - edges[0].instructions, 47u);
}

TEST_F(SessionMarks, EndsWellAtTheOther) {
    begin("", "console:done");
    EXPECT_TRUE(session->recording());
    run_to(10, 10);
    for (const char c : std::string{"don\ndone"}) session->port_write(0, 0xE9, 1, static_cast<unsigned char>(c), {});
    EXPECT_TRUE(session->ended());
    EXPECT_EQ(stops, 1);
    EXPECT_TRUE(session->finish(EndReason::error, "not this"));
    EXPECT_TRUE(has(R"("reason": "mark", "detail": "console:done")"));
    EXPECT_TRUE(has(R"("until": {"mark": "console:done", "met": true, "ticks": 10, "instructions": 10})"));
}

TEST_F(SessionMarks, AMarkThatIsNeverMetLeavesAnEmptyIncompleteTrace) {
    begin("address:0x1234", "mark:1");
    EXPECT_FALSE(session->executes(VirtAddr{0x1233}));
    say(Op::mark, 1);
    EXPECT_FALSE(session->ended()) << "the end is looked for from the start on";
    say(Op::result, 0);
    run_to(50, 60);
    EXPECT_FALSE(session->finish(EndReason::shutdown, ""));
    EXPECT_TRUE(has(R"("start": {"mark": "0x1234", "met": false})"));
    EXPECT_TRUE(has(R"("complete": false)"));
    EXPECT_TRUE(has(R"("reason": "shutdown", "detail": "", "guest_failures": 0)"));
    const auto counters = recorded<trace::Counters>(trace + "/cpu0");
    ASSERT_EQ(counters.size(), 1u) << "the stream can be read";
    EXPECT_EQ(counters[0].instructions, 0u);
}

TEST_F(SessionMarks, AtTheEndTheMachinesMemoryIsGone) {
    begin("mark:7", "");
    session->cpu(0).follow_tasks({});
    run_to(50, 60);
    const uint64_t before = machine.loads;
    EXPECT_FALSE(session->finish(EndReason::shutdown, ""));
    EXPECT_EQ(machine.loads, before);
}

TEST_F(SessionMarks, CountsTheLimitFromTheStart) {
    begin("instructions:1000", "", 500);
    EXPECT_EQ(session->next_count(), 1000u);
    run_to(999, 999);
    EXPECT_FALSE(session->completed(999));
    run_to(1003, 1003);
    EXPECT_TRUE(session->completed(1003));
    start();
    EXPECT_EQ(session->next_count(), 1503u);
    EXPECT_EQ(session->cpu(0).instructions(), 0u);
}

TEST_F(SessionMarks, HearsWhatTheGuestPublishesBeforeTheStart) {
    begin("mark:1", "");
    machine.map(Vpn{5}, Pfn{0x15}, {true, true, false, false});
    say(Op::page_table, static_cast<uint32_t>(protocol::PageTable::freed), {2});
    say(Op::zone, 0, {0, 4096, 3999, 0x00414D44});
    say(Op::mark, 1);
    start();
    session->finish(EndReason::shutdown, "");
    EXPECT_TRUE(has(R"("name": "DMA")"));
    const auto reports = recorded<trace::Stale>(trace + "/cpu0");
    ASSERT_EQ(reports.size(), 1u) << "the walk of the first fetch goes through a table that was freed before";
    EXPECT_EQ(reports[0].kind, StaleKind::freed_table_used);
}

TEST_F(SessionMarks, WhatWasUsedBeforeTheStartIsNotReported) {
    begin("mark:1", "");
    machine.map(Vpn{5}, Pfn{0x15}, {true, true, false, false});
    machine.map(Vpn{6}, Pfn{0x16}, {true, true, false, false});
    say(Op::mark, 1);
    start();
    // Changed without a flush before anything that is recorded used it: whether the processor held it, nobody knows.
    session->cpu(0).data_access(VirtAddr{0x2000 + 4 * 6}, PhysAddr{0x2000 + 4 * 6}, AccessKind::write, {0x5003, 0x5000, 0, false});
    machine.map(Vpn{6}, Pfn{0x17}, {true, true, false, false});
    run_to(1, 1);
    session->cpu(0).data_access(VirtAddr{0x6000}, PhysAddr{0x17000}, AccessKind::read, {0x5006, 0x5003, 0, false});
    session->finish(EndReason::shutdown, "");
    EXPECT_TRUE(recorded<trace::Stale>(trace + "/cpu0").empty());
}

TEST_F(SessionMarks, APartThatIsLeftOutDoesNotCountForTheLimit) {
    begin("", "", 1000);
    run_to(600, 600);
    EXPECT_EQ(session->next_count(), 1000u);
    session->suspend({at});
    run_to(5600, 5600);
    EXPECT_EQ(session->recorded_instructions(), 600u) << "it stands still";
    EXPECT_EQ(session->next_count(), 6000u) << "400 are to come, whenever that is";
    session->go_on({});
    EXPECT_EQ(session->recorded_instructions(), 600u);
    EXPECT_EQ(session->next_count(), 6000u);
    run_to(6000, 6000);
    EXPECT_EQ(session->recorded_instructions(), 1000u);
}

}  // namespace
}  // namespace plugin
