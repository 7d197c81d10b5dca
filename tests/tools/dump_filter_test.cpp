// SPDX-License-Identifier: LGPL-2.1-or-later
// Which events `dump` prints: each filter by itself and together, and what it says of names that are not there.
#include <gtest/gtest.h>

#include <sstream>

#include "small_trace.hpp"
#include "test_paths.hpp"
#include "tools/dump.hpp"

namespace {

using tests::SmallTrace;
using tools::DumpFilter;
using namespace mm;
namespace trace = mm::trace;

using Lines = std::vector<std::string>;

Lines lines_of(const std::filesystem::path& directory, const DumpFilter& filter) {
    tools::Trace t{directory};
    std::ostringstream text;
    tools::dump(t, filter, false, text);
    std::istringstream in{text.str()};
    Lines all;
    for (std::string line; std::getline(in, line);) all.push_back(line);
    return all;
}

// The events' times, for short.
std::vector<uint64_t> times_of(const std::filesystem::path& directory, const DumpFilter& filter) {
    std::vector<uint64_t> times;
    for (const std::string& line : lines_of(directory, filter)) times.push_back(std::stoull(line));
    return times;
}

using Times = std::vector<uint64_t>;

std::string complaint(const std::filesystem::path& directory, const DumpFilter& filter) {
    try {
        (void)lines_of(directory, filter);
    } catch (const tools::InputError& e) {
        return e.what();
    }
    return {};
}

const std::filesystem::path golden = tests::data_directory() / "small";

TEST(DumpFilter, ByRegion) {
    DumpFilter filter;
    filter.region = "pkmap";
    EXPECT_EQ(times_of(golden, filter), (Times{2030, 2031, 2040, 2050, 2080}));
    filter.region = "lowmem";
    EXPECT_EQ(times_of(golden, filter), (Times{120, 121}));
    filter.region = "other";
    EXPECT_EQ(times_of(golden, filter), (Times{2060})) << "a walk that faulted";
}

TEST(DumpFilter, TogetherAllMustPass) {
    DumpFilter filter;
    filter.region = "pkmap", filter.zone = "HIGHMEM";
    EXPECT_EQ(times_of(golden, filter), (Times{2030, 2031, 2050}));
    filter.events = {"model_walk"};
    EXPECT_EQ(times_of(golden, filter), (Times{2030, 2050}));
    filter.from = 2040;
    EXPECT_EQ(times_of(golden, filter), (Times{2050}));
    filter.task = "cr3 00005000";
    EXPECT_EQ(times_of(golden, filter), (Times{2050}));
    filter.task = "cr3 00001000", filter.from = 0;
    EXPECT_EQ(times_of(golden, filter), Times{}) << "it ran, and made none of these";
    filter = {};
    filter.zone = "DMA", filter.region = "pkmap";
    EXPECT_EQ(times_of(golden, filter), Times{});
}

TEST(DumpFilter, ByAddressSpaceWhereNothingTellsTheTasks) {
    DumpFilter filter;
    filter.task = "cr3 00005000", filter.events = {"model_walk", "cr3_write"};
    EXPECT_EQ(times_of(golden, filter), (Times{2020, 2030, 2050, 2060})) << "the one that was left wrote CR3, as stat counts it";
}

TEST(DumpFilter, WhilePagingIsOffThereIsNoAddressSpace) {
    trace::State off = SmallTrace::state();
    off.control.cr0 = cr0_pe;
    tests::StreamBuilder b{off};
    b.add(10, trace::ControlWrite{trace::EventId::cr4_write, cr4_pse, 0xC0100000});
    b.add(20, trace::ControlWrite{trace::EventId::cr0_write, cr0_pe | cr0_pg, 0xC0100010});
    b.add(30, SmallTrace::walk(0x08048000, AccessKind::read, true, 0x2067, 0x00500025, RefillCause::first_touch));
    const tests::TemporaryDirectory directory;
    tests::write_trace(directory.path(), b.bytes(), SmallTrace::run_json(false));
    DumpFilter filter;
    filter.events = {"cr0_write", "cr4_write", "model_walk"};
    for (const char* name : {"paging off", "other"}) {
        filter.task = name;
        EXPECT_EQ(times_of(directory.path(), filter), (Times{10, 20})) << name;
    }
    filter.task = "cr3 00001000";
    EXPECT_EQ(times_of(directory.path(), filter), Times{30});
    filter.task = "nap";
    EXPECT_EQ(complaint(directory.path(), filter), "--task nap: did not run; these did: cr3 00001000, paging off");
}

TEST(DumpFilter, UnknownNamesGiveTheKnownOnes) {
    DumpFilter filter;
    filter.region = "nap";
    EXPECT_EQ(complaint(golden, filter), "--region nap: not known; give one of user, lowmem, pkmap, other");
    filter = {}, filter.zone = "nap";
    EXPECT_EQ(complaint(golden, filter), "--zone nap: not known; give one of DMA, NORMAL, HIGHMEM, other");
    filter = {}, filter.events = {"nap"};
    EXPECT_EQ(complaint(golden, filter).rfind("--event nap: not known; give one of state, ", 0), 0u);
    filter = {}, filter.task = "nap";
    EXPECT_EQ(complaint(golden, filter), "--task nap: did not run; these did: cr3 00001000, cr3 00005000");
    filter = {}, filter.symbol = "nap";
    EXPECT_EQ(complaint(golden, filter), "--symbol nap: the guest's functions are not known; give its ELF file or its System.map with --symbols");
}

class DumpOfTasks : public testing::Test {
protected:
    static trace::ModelWalk walk(uint32_t linear, bool user) { return SmallTrace::walk(linear, AccessKind::read, user, 0x2067, 0x00500025, RefillCause::first_touch); }
    void SetUp() override {
        tests::write_file(map, "c0100000 T schedule\nc0100100 t flush_tlb\nc0100200 T end\n");
        tests::StreamBuilder b{SmallTrace::state(), 256};  // small packets: what holds in later ones, too
        b.add(10, trace::Instruction{0xC0100010});
        b.add(11, walk(0x08048000, false));
        b.add(20, trace::Task{7, 20, "sh"});
        for (uint64_t n = 0; n < 40; ++n) b.add(21 + n, walk(0x08049000 + static_cast<uint32_t>(n % 8) * 4096, false));
        b.add(70, trace::Task{8, 70, "true"});
        b.add(71, walk(0x0804A000, false));
        b.add(80, trace::InvalidatePage{VirtAddr{0x08048000}, 0xC0100110});
        b.add(90, trace::Instruction{0xC0100104});
        b.add(91, walk(0x0804B000, false));
        b.add(100, trace::Counters{0, 100, {50, 0, 0}, {50, 43, 43}});
        tests::StreamBuilder idle{SmallTrace::state(), 256};
        idle.add(10, trace::Instruction{0xC0100010});
        std::string run = SmallTrace::run_json(false);
        run.replace(run.find("\"symbols\""), 0, "\"tasks\": true, ");
        tests::write_trace(directory.path() / "t", b.bytes(), run);
        tests::write_trace(directory.path() / "idle", idle.bytes(), run);
    }
    const tests::TemporaryDirectory directory;
    const std::filesystem::path map = directory.path() / "System.map";
    const std::filesystem::path trace_directory = directory.path() / "t";
};

TEST_F(DumpOfTasks, ByNameAndByPid) {
    DumpFilter filter;
    filter.task = "true", filter.events = {"model_walk", "task", "invlpg"};
    const Times expected{70, 71, 80, 91};
    EXPECT_EQ(times_of(trace_directory, filter), expected);
    filter.task = "8";
    EXPECT_EQ(times_of(trace_directory, filter), expected);
    filter.from = 75;
    EXPECT_EQ(times_of(trace_directory, filter), (Times{80, 91})) << "the task began before, in another packet";
    filter.task = "9";
    EXPECT_EQ(complaint(trace_directory, filter), "--task 9: did not run; these did: true (8)");
    filter.from = 0, filter.to = 1;
    EXPECT_EQ(complaint(trace_directory, filter), "--task 9: nothing tells which task ran between --from and --to; `zonescope stat` lists those of the whole recording");
    filter.to = UINT64_MAX;
    EXPECT_EQ(complaint(directory.path() / "idle", filter), "--task 9: nothing tells which task ran; `zonescope stat` lists those of the whole recording");
}

TEST_F(DumpOfTasks, ByFunction) {
    DumpFilter filter;
    filter.symbols = tools::Symbols{map}, filter.symbol = "flush_tlb", filter.events = {"model_walk", "invlpg"};
    EXPECT_EQ(times_of(trace_directory, filter), (Times{80, 91}));
    filter.symbol = "schedule";
    filter.from = 55;
    EXPECT_EQ(times_of(trace_directory, filter), (Times{55, 56, 57, 58, 59, 60, 71})) << "who walks was told in another packet";
    filter.task = "sh", filter.name_functions = true;
    const Lines lines = lines_of(trace_directory, filter);
    ASSERT_EQ(lines.size(), 6u);
    EXPECT_NE(lines[0].find(" function=schedule+0x10"), std::string::npos);
    filter = {}, filter.symbols = tools::Symbols{map}, filter.symbol = "flush";
    EXPECT_EQ(complaint(trace_directory, filter), "--symbol flush: no function is called so; there are flush_tlb");
}

}  // namespace
