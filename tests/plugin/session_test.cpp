// SPDX-License-Identifier: LGPL-2.1-or-later
// A recording from its directory to its last run.json.
#include "bochs-plugin/session.h"

#include <gtest/gtest.h>

#include <memory>

#include "fake_machine.hpp"
#include "recorded.hpp"

namespace plugin {
namespace {

using namespace mm;
using protocol::Op;

class SessionTest : public testing::Test {
protected:
    void begin(const std::string& output, uint32_t most = most_translations) {
        Options options;
        options.output = output;
        options.split = "4:4";
        session = std::make_unique<Session>(options, Session::Setup{1, 1024, 50000000, "p3_katmai", most},
                                            Session::Control{[this] { ++stops; }});
        ASSERT_TRUE(session->create()) << session->error();
        ASSERT_TRUE(session->add_cpu(machine, fast));
    }
    void SetUp() override { begin(trace); }
    void say(Op op, uint32_t operand, std::initializer_list<uint32_t> words = {}, unsigned cpu = 0) {
        for (uint32_t word : words) session->port_write(cpu, protocol::argument_port, 4, word, {});
        session->port_write(cpu, protocol::command_port, 4, protocol::command(op, operand), {});
    }
    std::string json() const { return contents_of(trace + "/.zonescope/run.json"); }
    bool has(const std::string& text) const { return json().find(text) != std::string::npos; }

    TemporaryDirectory directory;
    const std::string trace = directory / "trace";
    FakeMachine machine;
    FastPath fast;
    std::unique_ptr<Session> session;
    int stops = 0;
};

TEST_F(SessionTest, MakesATraceThatOnlyStreamsAndMetadataShowIn) {
    EXPECT_TRUE(has("\"complete\": false"));
    EXPECT_TRUE(has("\"reason\": \"running\""));
    EXPECT_NE(contents_of(trace + "/metadata").find("freq = 50000000"), std::string::npos);
    std::vector<std::string> visible;
    for (const auto& entry : std::filesystem::directory_iterator(trace))
        if (entry.path().filename().string()[0] != '.') visible.push_back(entry.path().filename());
    std::sort(visible.begin(), visible.end());
    EXPECT_EQ(visible, (std::vector<std::string>{"cpu0", "metadata"}));
}

TEST_F(SessionTest, KeepsWhatTheGuestPublishes) {
    say(Op::hello, protocol::version, {0x73657579});
    say(Op::zone, 0, {0, 4096, 3999, 0x00414D44});
    say(Op::region, 0, {0xFFFC0000, 0xFFFFF000, 0x6D617274, 0x696C6F70, 0x0000656E});
    say(Op::span_name, 3, {0x6C6C756E});
    EXPECT_TRUE(has("\"guest\": \"yues\""));
    EXPECT_TRUE(has(R"({"name": "DMA", "node": 0, "start_pfn": 0, "end_pfn": 4096, "present_pages": 3999})"));
    EXPECT_TRUE(has(R"({"id": 3, "name": "null"})"));
    EXPECT_TRUE(session->in_trampoline(VirtAddr{0xFFFC0000}));
    EXPECT_FALSE(session->in_trampoline(VirtAddr{0xFFFFF000}));
    say(Op::hello, protocol::version, {0x73657579});
    EXPECT_FALSE(session->in_trampoline(VirtAddr{0xFFFC0000})) << "hello forgets";
}

TEST_F(SessionTest, ZonesThatTheUserGaveStayUntilTheGuestPublishesItsOwn) {
    constexpr char given[] = R"({"name": "low", "node": 0, "start_pfn": 0, "end_pfn": 2048, "present_pages": 1952})";
    Options options;
    options.output = trace, options.zones = "low:0-8M,high:8M-";
    session = std::make_unique<Session>(options, Session::Setup{1, 1024, 50000000, "p3_katmai", most_translations}, Session::Control{});
    ASSERT_TRUE(session->create()) << session->error();
    ASSERT_TRUE(session->add_cpu(machine, fast));
    EXPECT_TRUE(has(given));
    EXPECT_TRUE(has(R"({"name": "high", "node": 0, "start_pfn": 2048, "end_pfn": 262144, "present_pages": 260096})")) << "up to the end of memory";
    say(Op::hello, protocol::version, {0x73657579});
    EXPECT_TRUE(has(given)) << "it may publish none";
    EXPECT_EQ(session->published("Bochs").find("zone"), std::string::npos) << "they are not the machine's";
    say(Op::zone, 0, {0, 4096, 3999, 0x00414D44}), say(Op::zone, 0, {4096, 8192, 4096, 0x00414D45});
    EXPECT_FALSE(has("\"low\""));
    EXPECT_EQ(session->info().zones.size(), 2u) << "all of its own";
    say(Op::hello, protocol::version, {0x73657579});
    EXPECT_TRUE(has(given)) << "another guest";
}

TEST_F(SessionTest, EndsWellWhenTheGuestPowersOff) {
    say(Op::span_begin, 3);
    say(Op::span_end, 3);
    say(Op::result, 0);
    for (char c : std::string{"xShutdown"}) session->port_write(0, 0x8900, 1, static_cast<unsigned char>(c), {});
    EXPECT_TRUE(session->ended());
    EXPECT_EQ(stops, 0) << "Bochs ends by itself";
    EXPECT_TRUE(session->finish(EndReason::error, "not this"));
    EXPECT_TRUE(has("\"complete\": true"));
    EXPECT_TRUE(has(R"("reason": "shutdown", "detail": "", "guest_failures": 0)"));
    EXPECT_EQ(recorded<trace::SpanEdge>(trace + "/cpu0").size(), 2u);
}

TEST_F(SessionTest, KnowsAcpisPowerOff) {
    machine.done = 500;
    session->port_write(0, 0xB004, 2, 0x2001, {});
    EXPECT_TRUE(session->powered_off());
    machine.done = 501;
    EXPECT_FALSE(session->powered_off()) << "the machine went on";
    session->port_write(0, 0xB004, 2, 0x0401, {});
    EXPECT_FALSE(session->powered_off());
}

TEST_F(SessionTest, ListensToEachCpuByItself) {
    FakeMachine second;
    FastPath fast_of_second;
    ASSERT_TRUE(session->add_cpu(second, fast_of_second));
    session->port_write(0, protocol::argument_port, 4, 0x6C6C756E, {});
    say(Op::span_name, 4, {0x0065656E}, 1);
    say(Op::span_name, 3);
    EXPECT_TRUE(has(R"({"id": 4, "name": "nee"})"));
    EXPECT_TRUE(has(R"({"id": 3, "name": "null"})"));
    say(Op::span_begin, 3);
    say(Op::span_begin, 4, {}, 1);
    say(Op::span_end, 3);
    say(Op::span_end, 4, {}, 1);
    second.done = 70;
    session->port_write(1, 0xB004, 2, 0x2001, {});
    machine.done = 71;
    EXPECT_TRUE(session->powered_off()) << "by the second CPU, which does not go on";
    EXPECT_TRUE(session->finish(EndReason::shutdown, ""));
    EXPECT_FALSE(has("guest protocol")) << json();
    EXPECT_EQ(recorded<trace::SpanEdge>(trace + "/cpu0").size(), 2u);
    EXPECT_EQ(recorded<trace::SpanEdge>(trace + "/cpu1").size(), 2u);
    EXPECT_TRUE(has("\"instructions\": 141"));
    session.reset();  // before the second machine
}

TEST_F(SessionTest, AnInterruptedRecordingIsIncomplete) {
    EXPECT_FALSE(session->finish(EndReason::interrupted, "signal 2"));
    EXPECT_TRUE(has("\"complete\": false"));
    EXPECT_TRUE(has("interrupted"));
    EXPECT_FALSE(has("\"final\""));
}

TEST_F(SessionTest, ReportsAMalformedCommandOnce) {
    say(Op::zone, 0);
    say(Op::zone, 0);
    session->finish(EndReason::shutdown, "");
    const std::string text = json();
    EXPECT_TRUE(has("\"guest protocol: command 2 has 0 argument words, 4 are due (2 times)\"")) << text;
    EXPECT_EQ(text.find("guest protocol"), text.rfind("guest protocol"));
}

TEST_F(SessionTest, HearsWhatTheGuestFlushesFor) {
    machine.map(Vpn{2}, Pfn{0x12}, {true, true, true, false});
    const Position at{0x1003, 0x1000, 0, false};
    session->cpu(0).write_cr3(0x1000, nullptr, false, at);
    session->cpu(0).write_cr0(cr0_pe | cr0_pg | cr0_wp, nullptr, at);
    session->cpu(0).data_access(VirtAddr{0x2000}, PhysAddr{0x12000}, AccessKind::read, at);
    say(Op::flush_reason, static_cast<uint32_t>(protocol::FlushReason::kmap_wrap));
    session->cpu(0).write_cr3(0x1000, nullptr, false, at);
    say(Op::flush_reason, 9);
    say(Op::hello, protocol::version, {0x61});
    session->cpu(0).data_access(VirtAddr{0x2000}, PhysAddr{0x12000}, AccessKind::read, at);
    session->cpu(0).write_cr3(0x1000, nullptr, false, at);
    session->finish(EndReason::shutdown, "");
    const auto flushes = recorded<trace::Flush>(trace + "/cpu0");
    ASSERT_EQ(flushes.size(), 2u);
    EXPECT_EQ(flushes[0].cause, RefillCause::kmap_wrap);
    EXPECT_EQ(flushes[1].cause, RefillCause::context_switch) << "hello forgets";
    EXPECT_TRUE(has("unknown flush reason 9"));
}

TEST_F(SessionTest, WarnsIfTheModelsForgotTranslations) {
    session.reset();
    begin(directory / "small", 4);
    const Position at{0x1003, 0x1000, 0, false};
    session->cpu(0).write_cr3(0x1000, nullptr, false, at);
    session->cpu(0).write_cr0(cr0_pe | cr0_pg | cr0_wp, nullptr, at);
    for (uint32_t page = 2; page < 8; ++page) {
        machine.map(Vpn{page}, Pfn{0x10 + page}, {true, true, true, false});
        session->cpu(0).data_access(VirtAddr{page << 12}, PhysAddr{(0x10 + page) << 12}, AccessKind::read, at);
    }
    session->finish(EndReason::shutdown, "");
    EXPECT_NE(contents_of(directory / "small/.zonescope/run.json").find("the models forgot 2 translations"), std::string::npos);
}

TEST_F(SessionTest, RecordsOnlySpansThatNest) {
    say(Op::span_end, 1);
    say(Op::span_begin, 1);
    say(Op::span_begin, 2);
    say(Op::span_end, 1);
    say(Op::span_end, 2);
    say(Op::span_end, 1);
    for (uint32_t n = 0; n < 65; ++n) say(Op::span_begin, n);
    session->finish(EndReason::shutdown, "");
    const auto edges = recorded<trace::SpanEdge>(trace + "/cpu0");
    ASSERT_EQ(edges.size(), 4u + 64u);
    EXPECT_EQ(edges[2].span, 2u);
    EXPECT_EQ(edges[2].which, trace::EventId::span_end);
    EXPECT_TRUE(has("span 1 ends, but none is open"));
    EXPECT_TRUE(has("span 1 ends, but span 2 is the innermost"));
    EXPECT_TRUE(has("span 64 begins inside 64 others"));
}

// The stream goes to a device that takes nothing.
class FullDisk : public SessionTest {
protected:
    void SetUp() override {
        ASSERT_EQ(make_directories(full), "");
        std::filesystem::create_symlink("/dev/full", full + "/cpu0");
        begin(full);
        testing::internal::CaptureStderr();
    }
    // What was said, after the recording has said why it ended.
    std::string said() {
        EXPECT_NE(contents_of(full + "/.zonescope/run.json").find("\"reason\": \"disk-full\""), std::string::npos);
        return testing::internal::GetCapturedStderr();
    }
    const std::string full = directory / "full";
};

// It shows at the latest when the writer's queue is full.
TEST_F(FullDisk, StopsTheRecording) {
    for (uint32_t n = 0; n < 10000 * (PacketWriter::depth + 2); ++n) say(Op::mark, n);
    EXPECT_EQ(stops, 1);
    EXPECT_TRUE(session->ended());
    EXPECT_FALSE(session->finish(EndReason::shutdown, ""));
    EXPECT_EQ(said(), "zonescope: " + full + "/cpu0: No space left on device: the recording stops here; free some space, or record elsewhere\n");
}

// The guest is done, but its last packet cannot be written.
TEST_F(FullDisk, LeavesNoCompleteRecordingIfTheLastPacketIsNotWritten) {
    session->end(EndReason::shutdown, "");
    EXPECT_FALSE(session->finish(EndReason::shutdown, ""));
    EXPECT_NE(said().find("No space left on device"), std::string::npos);
}

TEST(SessionOutput, SaysWhereItCannotWrite) {
    TemporaryDirectory directory;
    ASSERT_EQ(replace_file(directory / "file", ""), "");
    Options options;
    options.output = directory / "file";
    Session session{options, {}, {[] {}}};
    EXPECT_FALSE(session.create());
    EXPECT_EQ(session.error(), directory / "file/.zonescope: Not a directory");
}

TEST(RunInfo, EscapesWhatJsonCannotHold) {
    RunInfo info;
    info.guest = "a\"b\\c\n\xFF";
    EXPECT_NE(to_json(info).find(R"("guest": "a\"b\\c\u000a?")"), std::string::npos);
}

}  // namespace
}  // namespace plugin
