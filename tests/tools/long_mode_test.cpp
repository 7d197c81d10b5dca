// SPDX-License-Identifier: LGPL-2.1-or-later
// A guest of long mode: what `check` holds of its walks, what `stat` makes of them, and what `stale` does not claim.
#include <gtest/gtest.h>

#include <sstream>

#include <nlohmann/json.hpp>

#include "complaint.hpp"
#include "tools/conservation.hpp"
#include "tools/stale_output.hpp"
#include "tools/stat_output.hpp"

namespace {

using mm::AccessKind;
using tests::StreamBuilder;
using tests::TemporaryDirectory;
using Id = mm::trace::EventId;
namespace trace = mm::trace;

constexpr uint64_t upper_page = 0xFFFF'8000'1234'5;

// The table of the highest level lies at 5 GiB.
trace::State long_state() {
    trace::State s;
    s.control = {mm::cr0_pe | mm::cr0_pg | mm::cr0_wp, 0x4000'0000, mm::cr4_pae | mm::cr4_pge, mm::efer_lme | mm::efer_lma | mm::efer_nxe, 40};
    s.cr3_high = 1;
    return s;
}
trace::LongWalkRecord small_page() { return {upper_page, {AccessKind::write, false}, false, 4, 0b1001, {0x2023, 0x3023, 0x4023, 0x0090'0063}}; }
trace::LongWalkRecord large_page() { return {0x7F'FFFF, {AccessKind::read, true}, false, 3, 0, {0x2027, 0x3027, 0x3800'00A7}}; }
trace::LongWalkRecord absent_page() { return {0x123, {AccessKind::execute, true}, true, 2, 0, {0x2027, 0}}; }

// A stream's packets begin with the state, which says the low half of CR3.
StreamBuilder stream() {
    StreamBuilder b{long_state()};
    b.add(1, trace::LongRoot{1});
    return b;
}

std::string run_json(const std::string& regions = R"({"name": "user half", "start": 0, "end": 140737488355328},
    {"name": "kernel half", "start": 18446603336221196288, "end": 18446744073709551615})") {
    return R"({"schema": 1, "complete": true, "end": {"reason": "shutdown", "detail": "", "guest_failures": 0},
  "split": "", "paging": "", "memory_mib": 8192, "guest": "long", "cpu_model": "none", "cpus": 1, "instructions": 1000, "long_mode_instructions": 900, "ticks": 1000, "ips": 50000000,
  "profiles": ["p6"], "zones": [{"name": "DMA", "node": 0, "start_pfn": 0, "end_pfn": 4096, "present_pages": 4000}], "regions": [)" + regions + R"(],
  "spans": [], "symbols": "", "warnings": [], "stale": {"mode": "used", "changes": 0, "held": 0, "sites": 0, "uses": 0, "most_translations": 1, "unfollowed": 0},
  "final": [{"cpu": 0, "instructions": 1000, "idle_ticks": 0, "cr3_writes": 1, "invlpg": 1, "page_faults": 1, "walk_reads": 9, "walk_writes": 2, "pdpte_loads": 0,
    "fills_read": 1, "fills_write": 1, "fills_execute": 0,
    "models": [{"profile": "p6", "itlb_lookups": 0, "itlb_misses": 0, "dtlb_lookups": 0, "dtlb_misses": 0, "walks": 0}]}]})";
}

std::string sound_stream() {
    StreamBuilder b = stream();
    b.add(10, small_page());
    b.add(20, large_page());
    b.add(30, absent_page());
    b.add(31, trace::LongPageFault{0x123000, 0x123000, mm::PageFaultCode::decode(0x14)});
    b.add(40, trace::LongInvalidatePage{upper_page << 12, 0xFFFF'8000'0000'1000});
    b.add(41, trace::LongInvalidatePcid{trace::InvpcidType::all, 0, 0, 0xFFFF'8000'0000'1010});
    b.add(50, trace::ControlWrite{Id::cr3_write, 0x5000'0000, 0x1020});
    b.add(50, trace::LongRoot{2});
    b.add(1000, trace::Counters{0, 1000, {0, 0, 0}, {0, 0, 0}});
    return b.bytes();
}

class LongMode : public testing::Test {
protected:
    void SetUp() override { tests::write_trace(directory.path(), sound_stream(), run_json()); }
    tools::Statistics statistics() {
        tools::Trace t{directory.path()};
        tools::Statistics s = collect_statistics(t, {tools::find_profile("p6")});
        check_conservation(s, "test");
        return s;
    }
    const TemporaryDirectory directory;
};

TEST_F(LongMode, ItIsSound) { EXPECT_EQ(tests::complaint_about(sound_stream(), run_json()), ""); }

TEST_F(LongMode, WalksAreToldByLevelAndPageSize) {
    const auto all = statistics_json(statistics(), {});
    const auto& l = all["long_mode"];
    EXPECT_EQ(l["modelled"], false);
    EXPECT_EQ(l["instructions"], 900);
    EXPECT_EQ(l["walks"], 3);
    EXPECT_EQ(l["faulted"], 1);
    EXPECT_EQ(l["reads"].dump(), R"({"pml5e":0,"pml4e":3,"pdpte":3,"pde":2,"pte":1})");
    EXPECT_EQ(l["written"].dump(), R"({"pml5e":0,"pml4e":1,"pdpte":0,"pde":0,"pte":1})");
    EXPECT_EQ(l["fills"].dump(), R"({"4K":1,"2M":1,"1G":0})");
    EXPECT_EQ(all["observed"]["walk_reads"], 9);
    EXPECT_EQ(all["observed"]["page_faults"], 1);
    EXPECT_EQ(all["models"][0]["walks"], 0);
}

TEST_F(LongMode, FillsBelongToTheCanonicalHalvesAndToZones) {
    const tools::Statistics s = statistics();
    EXPECT_EQ(s.regions[0].observed_fills, 1u);
    EXPECT_EQ(s.regions[1].observed_fills, 1u);
    EXPECT_EQ(s.regions.back().observed_fills, 0u);
    EXPECT_EQ(s.zones[0].observed_fills, 1u) << "frame 0x900";
    EXPECT_EQ(s.zones.back().observed_fills, 1u);
}

TEST_F(LongMode, AddressSpacesHaveTheirWholeRoot) {
    const tools::Statistics s = statistics();
    ASSERT_GE(s.tasks.size(), 2u);
    EXPECT_EQ(s.tasks[0].id, 0x1'4000'0000u);
    EXPECT_EQ(s.tasks[0].name, "cr3 140000000");
}

// With models that sleep every flush would look as if it dropped nothing.
TEST_F(LongMode, NoFlushIsCalledUseless) { EXPECT_TRUE(statistics().flushes[0].sites.empty()); }

TEST_F(LongMode, TheTextSaysThatNothingIsModelled) {
    std::ostringstream text;
    print_statistics(statistics(), {}, text);
    EXPECT_NE(text.str().find("long mode (64-bit paging): 900 of the instructions, 90.000%. NOT MODELLED"), std::string::npos) << text.str();
    std::istringstream lines{text.str()};
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 125u) << line;
}

TEST_F(LongMode, MissingFlushesAreNotCalledAbsent) {
    tools::Trace t{directory.path()};
    const tools::Symbols symbols;
    const tools::StaleNames names{t.run(), symbols};
    std::ostringstream text;
    print_stale({}, names, "d", false, text);
    EXPECT_NE(text.str().find("d: no missing TLB flush found outside long mode, which is not judged"), std::string::npos) << text.str();
    EXPECT_NE(text.str().find("900 of these instructions"), std::string::npos) << text.str();
    EXPECT_EQ(tools::stale_document({}, names)["long_mode_instructions"], 900);
}

// Each rule broken once.
std::string complaint(const std::function<void(StreamBuilder&)>& fill) {
    StreamBuilder b = stream();
    fill(b);
    std::string run = run_json();
    run.replace(run.find("\"complete\": true"), 16, "\"complete\": false");
    const std::string text = tests::complaint_about(b.bytes(), run);
    return text.empty() ? text : text.substr(text.find(": ") + 2);
}

TEST_F(LongMode, WalksServeTheirAccessOrFault) {
    auto walk = small_page();
    walk.fault = true;
    EXPECT_EQ(complaint([&](auto& b) { b.add(2, walk); }), "long_walk: its entries serve the access, but a fault is recorded");
    walk = small_page(), walk.access.user = true;
    EXPECT_EQ(complaint([&](auto& b) { b.add(2, walk); }), "long_walk: its entries do not serve the access, but no fault is recorded");
    walk = small_page(), walk.access.kind = AccessKind::execute, walk.entry[3] |= uint64_t{1} << 63;
    EXPECT_EQ(complaint([&](auto& b) { b.add(2, walk); }), "long_walk: its entries do not serve the access, but no fault is recorded") << "XD";
    walk = small_page(), walk.entry[1] |= 0x80;
    EXPECT_EQ(complaint([&](auto& b) { b.add(2, walk); }), "long_walk: its entries do not lead to each other");
    walk = large_page(), walk.written = 0b1000;
    EXPECT_EQ(complaint([&](auto& b) { b.add(2, walk); }), "long_walk: writes an entry that it did not read");
    EXPECT_EQ(complaint([&](auto& b) { b.add(2, tests::good_walk()); }), "walk: while paging is off, or in long mode");
    EXPECT_EQ(tests::complaint([&](auto& b) { b.add(2, small_page()); }), "long_walk: not in long mode");
}

TEST_F(LongMode, WhatTheTraceCannotTellIsNotJudged) {
    trace::LongWalkRecord huge{0, {AccessKind::read, false}, true, 2, 0, {0x2023, 0x4000'00A3}};
    EXPECT_EQ(complaint([&](auto& b) { b.add(2, huge); }), "") << "1 GiB, which a processor may not have";
    auto walk = large_page();
    walk.fault = true;
    EXPECT_EQ(complaint([&](auto& b) { b.add(2, trace::ControlWrite{Id::cr4_write, mm::cr4_pae | 1u << 22, 0}), b.add(3, walk); }), "") << "a protection key";
}

TEST_F(LongMode, NumbersMustBeThoseOfRunJson) {
    std::string run = run_json();
    run.replace(run.find("\"walk_reads\": 9"), 15, "\"walk_reads\": 8");
    EXPECT_NE(tests::complaint_about(sound_stream(), run), "");
}

}  // namespace
