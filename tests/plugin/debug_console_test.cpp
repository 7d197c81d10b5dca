// SPDX-License-Identifier: LGPL-2.1-or-later
// The debugger's commands on a recording: what they print, when they stop, and that a trace with parts left out is whole.
#include "bochs-plugin/debug_console.h"

#include <gtest/gtest.h>

#include <memory>

#include "bochs-plugin/cpu_state.h"
#include "fake_machine.hpp"
#include "recorded.hpp"

namespace plugin {
namespace {

using namespace mm;
using protocol::Op;

constexpr Position begun{0x1003, 0x1000, 0, false};

class DebugConsoleTest : public testing::Test {
protected:
    void SetUp() override {
        Options options;
        options.output = trace;
        session = std::make_unique<Session>(options, Session::Setup{1, 1024, 50000000, "p3_katmai"}, Session::Control{[this] { ++stops; }});
        ASSERT_TRUE(session->create() && session->add_cpu(machine, fast)) << session->error();
        machine.map(Vpn{1}, Pfn{0x11}, {true, true, true, false});
        machine.map(Vpn{2}, Pfn{0x12}, {true, true, true, false});
        machine.map(Vpn{3}, Pfn{0x113}, {true, false, true, false});
        DebugConsole::Host host;
        host.print = [this](const std::string& line) { printed += line + "\n"; };
        host.stop = [this] { ++breaks; };
        host.registers = [this](unsigned) { return session->suspended() ? while_away : session->cpu(0).state(); };
        host.position = [](unsigned) { return Position{0x1003, 0x1003, 0, false}; };
        host.forget = [this] { ++forgotten; };
        host.names.symbol_at = [](uint64_t a) { return a >= 0x1000 && a < 0x1100 ? "kernel_main+" + std::to_string(a - 0x1000) : std::string{}; };
        host.names.find = [](const std::string& name) { return name == "kernel_main" ? std::optional<uint64_t>{0x1000} : std::nullopt; };
        console = std::make_unique<DebugConsole>(*session, host);
        cpu().next_instruction({0x1000, 0x1000, 0, false});
        cpu().write_cr3(0x1000, nullptr, false, begun);
        cpu().write_cr0(cr0_pe | cr0_pg | cr0_wp, nullptr, begun);
    }
    CpuState& cpu() { return session->cpu(0); }
    void access(uint32_t linear, AccessKind kind = AccessKind::read) {
        const uint32_t frame = linear >> 12 == 3 ? 0x113 : 0x10 + (linear >> 12);
        cpu().data_access(VirtAddr{linear}, PhysAddr{uint64_t{frame} << 12 | linear % 4096}, kind, begun);
    }
    void publish() {
        say(Op::zone, 0, {0, 0x100, 0xF00, 0x414D44});                  // "DMA"
        say(Op::zone, 0, {0x100, 0x200, 0x100, 0x676968, 0});
        say(Op::region, 0, {0, 0x3000, 0x72657375, 0});
    }
    void say(Op op, uint32_t operand, std::initializer_list<uint32_t> words = {}) {
        for (uint32_t word : words) session->port_write(0, protocol::argument_port, 4, word, {});
        session->port_write(0, protocol::command_port, 4, protocol::command(op, operand), {});
    }
    std::string answer(const std::string& line) {
        printed.clear();
        console->obey(line);
        return printed;
    }
    std::string at_prompt() {
        printed.clear();
        console->at_prompt();
        return printed;
    }
    static bool has(const std::string& text, const std::string& part) {
        return text.find(part) != std::string::npos ? true : (std::cout << "# not in: " << text << '\n', false);
    }

    TemporaryDirectory directory;
    const std::string trace = directory / "trace";
    FakeMachine machine;
    FastPath fast;
    std::unique_ptr<Session> session;
    std::unique_ptr<DebugConsole> console;
    std::string printed;
    trace::State while_away;  // the registers, for all that the recording knows
    int stops = 0, breaks = 0, forgotten = 0;
};

TEST_F(DebugConsoleTest, TlbsAreTables) {
    access(0x2010), access(0x3010);
    const std::string all = answer("tlb");
    EXPECT_TRUE(has(all, "profile p6, CPU 0\nITLB 4K: 32 entries, 8 sets of 4 ways, lru; 1 in use\n"));
    EXPECT_TRUE(has(all, "  set  way  page         size  frame  zone   rights      region\n"));
    EXPECT_TRUE(has(all, "    2    0  0x00002000  4 KiB   0x12  other  user rwx    other\n"));
    EXPECT_TRUE(has(all, "    3    0  0x00003000  4 KiB  0x113  other  kernel rwx  other\n"));
    EXPECT_TRUE(has(all, "DTLB 4M: 8 entries, 2 sets of 4 ways, lru; empty\n"));
    EXPECT_EQ(answer("tlb p6"), all);
    EXPECT_EQ(answer("tlb i486"), "zonescope: 'i486' is not modelled in this recording; it has p6\n");
}

TEST_F(DebugConsoleTest, AWalkIsDecoded) {
    access(0x2010);
    EXPECT_EQ(answer("walk 0x2abc"),
              "0x00002abc (other): classic paging, CR3 0x00001000\n"
              "  entry  index  at            value  meaning\n"
              "  PDE        0  0x00001000   0x2007  present writable user\n"
              "  PTE        2  0x00002008  0x12007  present writable user\n"
              "  physical 0x00012abc: frame 0x12 (other), page of 4 KiB, user rwx\n"
              "  cached in p6: DTLB 4K, set 2 way 0, frame 0x12\n");
    EXPECT_TRUE(has(answer("walk kernel_main+4"), "0x00001004 kernel_main+4 (other)"));
    EXPECT_TRUE(has(answer("walk 0x80000000"), "no translation: an entry is not present\n  cached in p6: no\n"));
    EXPECT_EQ(answer("walk 0x100001000"), "zonescope: 0x100001000 is no address here: only in long mode are they longer than 32 bits\n");
}

TEST_F(DebugConsoleTest, WhoMapsAFrame) {
    const std::string text = answer("who 0x113");
    EXPECT_TRUE(has(text, "frame 0x113 (other): 1 mapping\n"));
    EXPECT_TRUE(has(text, "0x00003000  4 KiB  kernel rwx  other   0x00001000  loaded now\n"));
    EXPECT_TRUE(has(text, "searched: 1 address space, 1 loaded now"));
    EXPECT_TRUE(has(answer("who 0x999"), "no page table that was searched maps it"));
}

TEST_F(DebugConsoleTest, ErrorsAreSaid) { EXPECT_EQ(answer("wlak 1"), "zonescope: there is no command 'wlak'; `zs help` lists them\n"); }

TEST_F(DebugConsoleTest, AWalkToAZoneStops) {
    publish();
    EXPECT_EQ(answer("break walk HIG"), "zonescope: break 1: walk HIG\n");
    access(0x2010);
    EXPECT_EQ(breaks, 0);
    access(0x3010, AccessKind::write);
    EXPECT_EQ(breaks, 1);
    EXPECT_TRUE(has(at_prompt(), "zonescope: break 1 (walk HIG): the kernel's write of page 0x00003000 (other) walked in p6: first touch; frame 0x113 (hig); "
                                 "by 0x00001000 kernel_main+0 (user)\n"));
    EXPECT_EQ(at_prompt(), "") << "told once";
    access(0x3010);
    EXPECT_EQ(breaks, 1) << "a hit";
    EXPECT_TRUE(has(answer("break walk moon"), "the guest has no zone 'moon'"));
    EXPECT_TRUE(has(answer("breaks"), "       1    1  walk HIG\n"));
    EXPECT_EQ(answer("delete 1"), "");
    EXPECT_TRUE(has(answer("delete 1"), "there is no break 1"));
    answer("delete all");
    EXPECT_TRUE(has(answer("breaks"), "there are no breaks"));
}

TEST_F(DebugConsoleTest, AFillInARangeStops) {
    answer("break fill 0x2ff0-0x3000");
    access(0x1010);
    EXPECT_EQ(breaks, 0);
    access(0x2010), access(0x3010);
    EXPECT_EQ(breaks, 2);
    answer("delete all"), answer("break fill 0x4fff");
    cpu().begin_translation(VirtAddr{0x4000}, {AccessKind::read, false});
    cpu().exception(14, 0, VirtAddr{0x4000}, begun);
    EXPECT_EQ(breaks, 2) << "a walk that faults fills nothing";
}

TEST_F(DebugConsoleTest, AFlushStopsAndSaysWhatItDropped) {
    answer("break flush");
    access(0x2010);
    cpu().invalidate_page(VirtAddr{0x2000}, begun);
    EXPECT_EQ(breaks, 1);
    EXPECT_EQ(at_prompt(), "zonescope: break 1 (flush): invlpg dropped entries of p6: 1 data; by 0x00001000 kernel_main+0 (other)\n");
    cpu().invalidate_page(VirtAddr{0x2000}, begun);
    EXPECT_EQ(breaks, 1) << "nothing was left to drop";
}

TEST_F(DebugConsoleTest, AFlushNamesWhateverMadeIt) {
    answer("break flush");
    const auto next = [&](uint32_t ip) { return Position{ip + 3, ip, 0, false}; };
    access(0x2010);
    cpu().invalidate_page(VirtAddr{0x2000}, begun), at_prompt();
    access(0x2010);
    cpu().invalidate_pcid(trace::InvpcidType::all_and_global, VirtAddr{0}, next(0x1010));
    EXPECT_TRUE(has(at_prompt(), "; by 0x00001010 kernel_main+16 (other)")) << "not the INVLPG before";
    access(0x2010);
    cpu().change_state(cpu().state(), RefillCause::control);
    EXPECT_TRUE(has(at_prompt(), "; by a reset of the processor\n"));
    access(0x2010);
    cpu().change_state(cpu().state(), RefillCause::smm);
    EXPECT_TRUE(has(at_prompt(), "; on the way into system management mode, or out of it\n"));
    access(0x2010);
    cpu().invalidate_page(VirtAddr{0x2000}, next(0x1020));
    EXPECT_TRUE(has(at_prompt(), "; by 0x00001020 kernel_main+32 (other)\n")) << "and what comes then is an instruction again";
}

TEST_F(DebugConsoleTest, AWalkForAnInterruptIsNoInstructions) {
    answer("break fill 0x2000-0x3fff");
    const Position here{0x1010, 0x1010, 0, false};
    machine.done = 100;
    cpu().external_interrupt(32, here);
    cpu().data_access(VirtAddr{0x2010}, PhysAddr{0x12010}, AccessKind::read, here);
    EXPECT_TRUE(has(at_prompt(), "; by interrupt 32, which came before 0x00001010 kernel_main+16 (other)\n"));
    machine.done = 101;
    cpu().data_access(VirtAddr{0x3010}, PhysAddr{0x113010}, AccessKind::read, {0x1013, 0x1010, 0, false});
    EXPECT_TRUE(has(at_prompt(), "; by 0x00001010 kernel_main+16 (other)\n")) << "it was executed in the end";
}

// Where the kernel's and the programs' regions overlap, the address alone does not tell.
TEST_F(DebugConsoleTest, AFlushByAFaultIsTheProgramsIfItFaulted) {
    publish();
    say(Op::region, 0, {0, 0x3000, 0x6D776F6C, 0x6D65});  // "lowmem"
    answer("break flush");
    access(0x2010);
    cpu().invalidate_page(VirtAddr{0x2000}, begun);
    EXPECT_TRUE(has(at_prompt(), "by 0x00001000 kernel_main+0 (lowmem)"));
    access(0x2010);
    cpu().begin_translation(VirtAddr{0x2000}, {AccessKind::read, true});
    cpu().exception(14, 4, VirtAddr{0x2000}, {0x1003, 0x1000, 0, true});
    EXPECT_TRUE(has(at_prompt(), "by 0x00001000 kernel_main+0 (user)"));
}

TEST_F(DebugConsoleTest, ASwitchInTheTrampolineStops) {
    answer("break split-switch");
    cpu().write_cr3(0x1000, nullptr, true, begun);
    EXPECT_EQ(breaks, 0) << "the guest has published no trampoline";
    say(Op::region, 0, {0x1000, 0x2000, 0x6D617274, 0x696C6F70, 0x656E});
    cpu().write_cr3(0x1000, nullptr, true, begun);
    EXPECT_EQ(breaks, 1);
}

TEST_F(DebugConsoleTest, APartThatIsLeftOutLeavesTheTraceWhole) {
    access(0x2010);
    machine.done = 100, machine.now = 100;
    EXPECT_TRUE(has(answer("trace"), "trace on"));
    while_away = cpu().state(), while_away.control.cr3 = 0x1018;  // written meanwhile
    answer("break flush");
    EXPECT_TRUE(has(answer("trace off"), "trace off: nothing is recorded"));
    EXPECT_EQ(breaks, 0) << "a command's own flush is no reason";
    EXPECT_FALSE(session->recording());
    EXPECT_EQ(fast.counting, Counting::off);
    EXPECT_TRUE(has(answer("tlb"), "DTLB 4K: 64 entries, 16 sets of 4 ways, lru; empty"));
    machine.done = 1100, machine.now = 1100;
    EXPECT_TRUE(has(answer("trace on"), "trace on"));
    EXPECT_EQ(forgotten, 1);
    EXPECT_TRUE(session->recording());
    access(0x2010);
    machine.done = 1150, machine.now = 1150;
    console.reset();
    session->finish(EndReason::shutdown, "");
    EXPECT_EQ(session->info().instructions, 150u);
    EXPECT_EQ(session->info().finals[0].idle_ticks, 1000u);
    EXPECT_EQ(session->info().finals[0].models[0].dtlb_misses, 2u);
    const auto edges = recorded<trace::SpanEdge>(trace + "/cpu0");
    ASSERT_EQ(edges.size(), 2u);
    EXPECT_EQ(edges[0].instructions, edges[1].instructions);
    const auto names = recorded<trace::SpanName>(trace + "/cpu0");
    ASSERT_EQ(names.size(), 1u);
    EXPECT_EQ(recorded<trace::ModelWalk>(trace + "/cpu0").back().cause, RefillCause::control);
    const auto states = recorded<trace::State>(trace + "/cpu0");
    ASSERT_GE(states.size(), 3u);
    EXPECT_EQ(states[states.size() - 2].control.mode(), PagingMode::none) << "between two states with paging CR3 may not change unseen";
    EXPECT_EQ(states.back().control.cr3, 0x1018u);
}

TEST_F(DebugConsoleTest, SpansThatAreOpenEndWhereItIsLeftOut) {
    say(Op::span_name, 5, {0x6B726F77});
    say(Op::span_begin, 5);
    EXPECT_EQ(answer("spans"), "  work\n");
    answer("trace off");
    EXPECT_EQ(answer("spans"), "  work\n") << "for the guest it is open still";
    say(Op::span_end, 5);
    answer("trace on");
    console.reset();
    session->finish(EndReason::shutdown, "");
    const auto edges = recorded<trace::SpanEdge>(trace + "/cpu0");
    ASSERT_EQ(edges.size(), 4u);
    EXPECT_EQ(edges[1].span, 5u);
    EXPECT_EQ(edges[1].which, trace::EventId::span_end);
}

TEST_F(DebugConsoleTest, ARecordingThatEndsInsideSuchAPartIsWhole) {
    access(0x2010);
    answer("trace off");
    machine.done = 500, machine.now = 500;
    session->end(EndReason::mark, "");
    EXPECT_TRUE(has(answer("trace on"), "the recording has ended: mark"));
    console.reset();
    EXPECT_TRUE(session->finish(EndReason::shutdown, ""));
    EXPECT_EQ(recorded<trace::SpanEdge>(trace + "/cpu0").size(), 2u);
}

TEST_F(DebugConsoleTest, PlacesHaveCounts) {
    EXPECT_EQ(answer("zones"), "the guest has published no zones so far\n");
    publish();
    access(0x3010);
    const std::string zones = answer("zones");
    EXPECT_TRUE(has(zones, "zone   node   from     to  pages    size  walks p6  Bochs' fills\n")) << zones;
    EXPECT_TRUE(has(answer("regions"), "user"));
    EXPECT_EQ(answer("spans"), "no span is open\n");
    EXPECT_EQ(answer("stale"), "no use of a stale translation so far\n");
}

}  // namespace
}  // namespace plugin
