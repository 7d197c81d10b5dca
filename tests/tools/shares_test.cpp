// SPDX-License-Identifier: LGPL-2.1-or-later
// Who did what: by task, by address space, by function. All of it adds up.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "small_trace.hpp"
#include "tools/conservation.hpp"
#include "tools/stat_output.hpp"

namespace {

using tests::SmallTrace;
using tools::ShareStatistics;
using namespace mm;
namespace trace = mm::trace;

class Shares : public testing::Test {
protected:
    void SetUp() override { tests::write_file(map, "c0100000 T schedule\nc0100100 t flush_tlb\nc0100200 T end\n"); }

    // A kernel whose tasks are told, or not.
    tools::Statistics statistics(tests::StreamBuilder& stream, bool tasks) {
        std::string run = SmallTrace::run_json(false);
        run.replace(run.find("\"symbols\""), 0, tasks ? "\"tasks\": true, " : "");
        tests::write_trace(directory.path() / "t", stream.bytes(), run);
        tools::Trace t{directory.path() / "t"};
        tools::Statistics s = collect_statistics(t, {tools::find_profile("p6")}, tools::Symbols{map});
        check_conservation(s, "test");
        return s;
    }
    static const ShareStatistics* find(const std::vector<ShareStatistics>& all, const std::string& name, uint32_t id) {
        for (const ShareStatistics& s : all)
            if (s.name == name && s.id == id) return &s;
        return nullptr;
    }
    static trace::ModelWalk walk(uint32_t linear, bool user) { return SmallTrace::walk(linear, AccessKind::read, user, 0x2067, 0x00500025, RefillCause::first_touch); }
    static void fill(tests::StreamBuilder& b, uint64_t time, bool user) { b.add(time, trace::ObservedWalk{walk(0x08048000, user).walk, false, false}); }

    const tests::TemporaryDirectory directory;
    const std::filesystem::path map = directory.path() / "System.map";
};

TEST_F(Shares, AreTheTasks) {
    tests::StreamBuilder b{SmallTrace::state()};
    b.add(10, walk(0x08048000, false));  // before there are tasks
    b.add(20, trace::Task{0, 20, "swapper/0"});
    b.add(30, walk(0x08049000, false));
    b.add(40, trace::Task{7, 40, "sh"});
    b.add(41, walk(0x0804A000, true)), fill(b, 41, true);
    b.add(42, trace::ControlWrite{trace::EventId::cr3_write, 0x5000, 0xC0100010});
    b.add(43, trace::InvalidatePage{VirtAddr{0x08048000}, 0xC0100110});
    b.add(50, trace::Task{7, 50, "true"});  // exec
    b.add(51, trace::PageFault{VirtAddr{0x10000000}, 0x08048020, PageFaultCode::decode(4)});
    b.add(70, trace::Task{0, 70, "swapper/0"});
    b.add(100, trace::Counters{0, 100, {50, 3, 3}, {50, 3, 3}});
    const tools::Statistics s = statistics(b, true);
    ASSERT_EQ(s.tasks.size(), 4u);
    const ShareStatistics &swapper = *find(s.tasks, "swapper/0", 0), &sh = *find(s.tasks, "sh", 7), &after = *find(s.tasks, "true", 7), &other = s.tasks.back();
    EXPECT_EQ(swapper.events.instructions, 20u + 30u);
    EXPECT_EQ(swapper.walks[0].walks, 1u);
    EXPECT_EQ(sh.events.instructions, 10u);
    EXPECT_EQ(sh.walks[0].walks, 1u);
    EXPECT_EQ(sh.observed_fills, 1u);
    EXPECT_EQ(sh.events.cr3_writes, 1u);
    EXPECT_EQ(sh.events.invlpg, 1u);
    EXPECT_EQ(after.events.page_faults, 1u);
    EXPECT_EQ(after.events.instructions, 20u);
    EXPECT_EQ(other.name, "other");
    EXPECT_EQ(other.events.instructions, 20u);
    EXPECT_EQ(other.walks[0].walks, 1u);
    const auto json = tools::tasks_json(s);
    EXPECT_EQ(json.size(), 4u);
    EXPECT_EQ(json.back()["pid"], nullptr);
    const std::string csv = tools::statistics_csv(s, {});
    EXPECT_NE(csv.find("tasks,sh/7,walks,p6,1\n"), std::string::npos);
    EXPECT_NE(csv.find("tasks,true/7,page_faults,,1\n"), std::string::npos);
}

TEST_F(Shares, AreAddressSpacesWhereNothingTellsTheTasks) {
    tests::StreamBuilder b{SmallTrace::state()};
    b.add(10, walk(0x08048000, true));
    b.add(20, trace::ControlWrite{trace::EventId::cr3_write, 0x5000, 0xC0100010});
    b.add(30, walk(0x08049000, true)), b.add(31, walk(0x0804A000, true));
    b.add(100, trace::Counters{0, 100, {50, 0, 0}, {50, 3, 3}});
    const tools::Statistics s = statistics(b, false);
    ASSERT_EQ(s.tasks.size(), 3u);
    EXPECT_EQ(s.tasks[0].name, "cr3 00005000") << "the largest first";
    EXPECT_EQ(s.tasks[0].walks[0].walks, 2u);
    EXPECT_EQ(s.tasks[1].id, 0x1000u);
    EXPECT_EQ(s.tasks[1].events.cr3_writes, 1u) << "the one that was left wrote it";
    EXPECT_EQ(tools::tasks_json(s)[0]["instructions"], nullptr);
}

TEST_F(Shares, AreTheFunctions) {
    tests::StreamBuilder b{SmallTrace::state()};
    b.add(9, trace::Instruction{0xC0100010});
    b.add(10, walk(0x08048000, false)), b.add(11, walk(0x08049000, false)), fill(b, 11, false);
    b.add(12, trace::Instruction{0xC0100180});
    b.add(13, walk(0x0804A000, false));
    b.add(14, trace::Instruction{0x08048010});
    b.add(15, walk(0x0804B000, true));
    b.add(16, trace::Instruction{0xC8000000});  // a module: no symbol, in a region
    b.add(17, walk(0x0804C000, false));
    b.add(18, trace::Instruction{0xFFFFF000});  // in none
    b.add(19, walk(0x0804D000, false));
    b.add(20, trace::InvalidatePage{VirtAddr{0x08048000}, 0xC0100104});
    b.add(21, trace::PageFault{VirtAddr{0x10000000}, 0xC0100014, PageFaultCode::decode(0)});
    b.add(22, trace::InterruptReturn{false});
    b.add(100, trace::Counters{0, 100, {50, 0, 0}, {50, 6, 6}});
    const tools::Statistics s = statistics(b, false);
    const auto of = [&](const std::string& name, uint32_t id) { return *find(s.functions, name, id); };
    EXPECT_EQ(of("schedule", 0xC0100000).walks[0].walks, 2u);
    EXPECT_EQ(of("schedule", 0xC0100000).observed_fills, 1u);
    EXPECT_EQ(of("schedule", 0xC0100000).events.page_faults, 1u);
    EXPECT_EQ(of("flush_tlb", 0xC0100100).walks[0].walks, 1u);
    EXPECT_EQ(of("flush_tlb", 0xC0100100).events.invlpg, 1u);
    EXPECT_EQ(of("[user]", 0).walks[0].walks, 1u);
    EXPECT_TRUE(of("[user]", 0).program);
    EXPECT_FALSE(of("schedule", 0xC0100000).program);
    EXPECT_EQ(of("[lowmem]", 0xC0000000).walks[0].walks, 1u);
    EXPECT_EQ(s.functions.back().name, "other");
    EXPECT_EQ(s.functions.back().walks[0].walks, 1u);
    EXPECT_EQ(s.functions.back().events.interrupt_returns, 1u);
    EXPECT_EQ(s.functions[0].name, "schedule") << "the largest first";
    EXPECT_GT(s.cycles(of("flush_tlb", 0xC0100100), 0).best, tools::walk_cycles(of("flush_tlb", 0xC0100100).walks[0], s.profiles[0]).best);
}

TEST_F(Shares, ThatDoNotAddUpAreFound) {
    tests::StreamBuilder b{SmallTrace::state()};
    b.add(10, walk(0x08048000, true));
    b.add(100, trace::Counters{0, 100, {50, 0, 0}, {50, 1, 1}});
    tools::Statistics s = statistics(b, false);
    ++s.tasks[0].walks[0].walks;
    EXPECT_THROW(check_conservation(s, "test"), tools::Failure);
    --s.tasks[0].walks[0].walks, ++s.functions.back().events.invlpg;
    EXPECT_THROW(check_conservation(s, "test"), tools::Failure);
}

}  // namespace
