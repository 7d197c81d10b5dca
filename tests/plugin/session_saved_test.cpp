// SPDX-License-Identifier: LGPL-2.1-or-later
// Machines that are saved, and recordings that resume them.
#include <gtest/gtest.h>

#include <memory>

#include "bochs-plugin/session.h"
#include "fake_machine.hpp"
#include "recorded.hpp"

namespace plugin {
namespace {

using namespace mm;
using protocol::Op;

constexpr char emulator[] = "Bochs 3.0";

class SessionSaved : public testing::Test {
protected:
    struct Run {
        FakeMachine machine;
        FastPath fast;
        std::unique_ptr<Session> session;
        int pauses = 0, stops = 0;
    };
    void begin(Run& run, const std::function<void(Options&)>& set) {
        Options options;
        options.output = trace;
        set(options);
        run.session = std::make_unique<Session>(options, Session::Setup{1, 64, 50000000, "p3_katmai"},
                                                Session::Control{[&run] { ++run.stops; }, [] { return false; }, [&run] { ++run.pauses; }});
        ASSERT_TRUE(run.session->create()) << run.session->error();
        ASSERT_TRUE(run.session->add_cpu(run.machine, run.fast));
        run.machine.map(Vpn{5}, Pfn{0x15}, {true, true, false, false});
    }
    void say(Run& run, Op op, uint32_t operand, std::initializer_list<uint32_t> words = {}) {
        for (uint32_t word : words) run.session->port_write(0, protocol::argument_port, 4, word, at);
        run.session->port_write(0, protocol::command_port, 4, protocol::command(op, operand), at);
    }
    // What the guest says before mark 7, at which the machine is saved.
    std::string save() {
        Run run;
        begin(run, [](Options& o) { o.record = false, o.save = "boot", o.until = {RunMark::Kind::mark, 7, ""}; });
        say(run, Op::zone, 0, {0, 4096, 3999, 0x00414D44});
        say(run, Op::span_name, 3, {0x0A6C756E});  // "nul\n"
        say(run, Op::span_begin, 3);
        say(run, Op::page_table, static_cast<uint32_t>(protocol::PageTable::freed), {2});
        say(run, Op::mark, 6);
        EXPECT_EQ(run.pauses, 0);
        run.machine.done = 1000, run.machine.now = 1500;
        say(run, Op::mark, 7);
        EXPECT_EQ(run.pauses, 1);
        EXPECT_EQ(run.stops, 0) << "the machine must come to rest first";
        EXPECT_TRUE(run.session->due() == Session::Due::save);
        const std::string published = run.session->published(emulator);
        run.session->saved();
        EXPECT_EQ(run.stops, 1);
        EXPECT_TRUE(run.session->finish(EndReason::error, "not this"));
        EXPECT_TRUE(has(R"("reason": "mark")"));
        EXPECT_TRUE(has(R"("complete": true)"));
        return published;
    }
    std::string resume(Run& run, const std::string& published, const std::function<void(Options&)>& set = [](Options&) {}) {
        begin(run, [&](Options& o) { o.restored = "/boot", set(o); });
        run.machine.done = 1000, run.machine.now = 1500;
        return run.session->resume(published, emulator);
    }
    void start(Run& run) {
        trace::State paged;
        paged.control.cr0 = cr0_pe | cr0_pg;
        paged.control.cr3 = 0x1000;
        run.session->start({paged}, at);
        run.session->cpu(0).next_instruction(at);
    }
    bool has(const std::string& text) const { return contents_of(trace + "/.zonescope/run.json").find(text) != std::string::npos; }

    const Position at{0x5000, 0x5000, 0, false};
    TemporaryDirectory directory;
    const std::string trace = directory / "trace";
};

TEST_F(SessionSaved, AResumedRecordingKnowsWhatTheGuestHadSaid) {
    const std::string published = save();
    Run run;
    ASSERT_EQ(resume(run, published), "");
    EXPECT_FALSE(run.session->recording()) << "until the machine's state is known";
    EXPECT_TRUE(run.session->due() == Session::Due::start);
    start(run);
    EXPECT_TRUE(run.session->recording());
    run.machine.done = 1500, run.machine.now = 2500;
    say(run, Op::span_end, 3);
    EXPECT_TRUE(run.session->finish(EndReason::shutdown, ""));
    EXPECT_TRUE(has(R"("start": {"mark": "mark:7", "met": true, "ticks": 1500, "instructions": 1000})"));
    EXPECT_TRUE(has(R"("resumed_from": "/boot")"));
    EXPECT_TRUE(has(R"({"name": "DMA", "node": 0, "start_pfn": 0, "end_pfn": 4096, "present_pages": 3999})"));
    EXPECT_TRUE(has(R"("name": "nul?")"));
    EXPECT_TRUE(has(R"("instructions": 500)"));
    EXPECT_TRUE(recorded<trace::SpanEdge>(trace + "/cpu0").empty()) << "it began before";
    const auto reports = recorded<trace::Stale>(trace + "/cpu0");
    ASSERT_EQ(reports.size(), 1u) << "the walk of the first fetch goes through a table that was freed before";
    EXPECT_EQ(reports[0].kind, StaleKind::freed_table_used);
}

TEST_F(SessionSaved, AResumedMachineMayWaitForAMark) {
    const std::string published = save();
    Run run;
    ASSERT_EQ(resume(run, published, [](Options& o) { o.start = {RunMark::Kind::mark, 8, ""}; }), "");
    EXPECT_TRUE(run.session->due() == Session::Due::nothing);
    say(run, Op::mark, 8);
    EXPECT_TRUE(run.session->due() == Session::Due::start);
    start(run);
    EXPECT_TRUE(run.session->finish(EndReason::shutdown, ""));
    EXPECT_TRUE(has(R"("start": {"mark": "mark:8", "met": true)"));
}

TEST_F(SessionSaved, WordsThatWereBegunAreFinished) {
    Run run;
    begin(run, [](Options& o) { o.record = false, o.save = "boot", o.until = {RunMark::Kind::console, 0, "x"}; });
    run.session->port_write(0, protocol::argument_port, 4, 0, at);
    run.session->port_write(0, protocol::argument_port, 4, 16, at);
    run.session->port_write(0, 0xE9, 1, 'x', at);
    const std::string published = run.session->published(emulator);
    Run second;
    ASSERT_EQ(resume(second, published), "");
    start(second);
    say(second, Op::zone, 0, {15, 0x00414D44});
    EXPECT_TRUE(second.session->finish(EndReason::shutdown, ""));
    EXPECT_TRUE(has(R"({"name": "DMA", "node": 0, "start_pfn": 0, "end_pfn": 16, "present_pages": 15})"));
}

TEST_F(SessionSaved, SaysWhyItCannotGoOn) {
    const std::string published = save();
    Run run;
    begin(run, [](Options& o) { o.restored = "/boot"; });
    EXPECT_EQ(run.session->resume(published, "Bochs 3.1"), "was saved by Bochs 3.0, but this is Bochs 3.1; save the boot again");
    EXPECT_NE(run.session->resume("", emulator), "") << "the file is missing";
    const std::string cut = published.substr(0, published.find("zone ") + 7);
    EXPECT_NE(run.session->resume(cut, emulator).find("'published' is damaged at 'zone 0"), std::string::npos) << run.session->resume(cut, emulator);
}

}  // namespace
}  // namespace plugin
