// SPDX-License-Identifier: LGPL-2.1-or-later
// What events add up to: zones, regions, nested spans, recordings that were cut off; and that nothing is lost.
#include <gtest/gtest.h>

#include <sstream>

#include <nlohmann/json.hpp>

#include "small_trace.hpp"
#include "test_paths.hpp"
#include "tests/seed.hpp"
#include "tools/address_map.hpp"
#include "tools/conservation.hpp"
#include "tools/stat_output.hpp"
#include "tools/walk_places.hpp"

namespace {

namespace trace = mm::trace;
using tests::SmallTrace;
using Id = trace::EventId;

tools::Statistics statistics_of(const std::string& stream, const std::string& run_json) {
    const tests::TemporaryDirectory directory;
    tests::write_trace(directory.path(), stream, run_json);
    tools::Trace trace{directory.path()};
    tools::Statistics s = collect_statistics(trace, {tools::find_profile("p6")});
    tools::check_conservation(s, "test");
    return s;
}

TEST(Statistics, WalksAreAttributedToTheZoneOfTheirFrameAndFaultsToOther) {
    const tools::Statistics s = statistics_of(SmallTrace::stream(), SmallTrace::run_json());
    ASSERT_EQ(s.zones.size(), 4u);
    EXPECT_EQ(s.zones[0].walks[0].walks, 2u) << "user code in DMA";
    EXPECT_EQ(s.zones[1].walks[0].walks, 1u) << "kernel text in NORMAL";
    EXPECT_EQ(s.zones[2].walks[0].walks, 2u) << "kmap of HIGHMEM";
    EXPECT_EQ(s.zones[3].walks[0].walks, 1u) << "the walk that faulted";
    EXPECT_EQ(s.zones[1].walks[0].all_reads(), 1u) << "a large page takes one read";
    ASSERT_EQ(s.regions.size(), 4u);
    EXPECT_EQ(s.regions[0].walks[0].walks, 2u);
    EXPECT_EQ(s.regions[1].walks[0].walks, 1u);
    EXPECT_EQ(s.regions[2].walks[0].walks, 2u);
    EXPECT_EQ(s.regions[3].walks[0].walks, 1u) << "the walk that faulted";
}

TEST(Statistics, WalksOfZonesWithOneNameAreSummedInJson) {
    std::string run = SmallTrace::run_json();
    const size_t at = run.find("\"NORMAL\"");
    ASSERT_NE(at, std::string::npos);
    run.replace(at, 8, "\"DMA\"");
    const auto json = tools::statistics_json(statistics_of(SmallTrace::stream(), run), {});
    for (const auto& span : json["spans"]) {
        uint64_t walks = 0, refills = 0;
        for (const auto& zone : span["walks"]["p6"]) walks += zone.get<uint64_t>();
        for (const auto& cause : span["refills"]["p6"]) refills += cause.get<uint64_t>();
        EXPECT_EQ(walks, refills) << span;
    }
}

TEST(Statistics, DisplayMemoryAndRomAreInNoZone) {
    const tools::ZoneMap zones{{{"DMA", 0, 4096, 4000}}};
    EXPECT_EQ(zones.of(mm::Pfn{0x9F}), 0u);
    EXPECT_EQ(zones.of(mm::Pfn{0xA0}), zones.other());
    EXPECT_EQ(zones.of(mm::Pfn{0xFF}), zones.other());
    EXPECT_EQ(zones.of(mm::Pfn{0x100}), 0u);
    EXPECT_EQ(zones.of(mm::Pfn{4096}), zones.other());
}

TEST(Statistics, SpansSumOverTheirInstances) {
    const tools::Statistics s = statistics_of(SmallTrace::stream(), SmallTrace::run_json());
    ASSERT_EQ(s.spans.size(), 2u);
    const tools::SpanStatistics& call = s.spans[0];
    EXPECT_EQ(call.name, "null-syscall");
    EXPECT_EQ(call.count, 2u);
    EXPECT_EQ(call.least, 21u);
    EXPECT_EQ(call.median, 21u);
    EXPECT_EQ(call.most, 22u);
    EXPECT_EQ(call.sum.events.instructions, 43u);
    EXPECT_EQ(call.sum.events.interrupts, 2u);
    const tools::SpanStatistics& switched = s.spans[1];
    EXPECT_EQ(switched.sum.events.cr3_writes, 1u);
    const tools::Refills refills = tools::refills_of(switched.sum.profiles[0].causes);
    EXPECT_EQ(refills.context_switch, 1u);
    EXPECT_EQ(refills.invlpg, 1u);
    EXPECT_EQ(refills.other, 2u);
    EXPECT_EQ(s.outside.events.instructions, 3000u - 43 - 100);
}

TEST(Statistics, InnerSpansAreInTheOuterOnesToo) {
    tests::StreamBuilder b{SmallTrace::state()};
    const auto edge = [](Id id, uint16_t span, uint32_t at) { return trace::SpanEdge{id, span, at}; };
    b.add(10, edge(Id::span_begin, 1, 10));
    b.add(20, edge(Id::span_begin, 0, 20));
    b.add(25, trace::ControlWrite{Id::cr3_write, 0x2000, 0});
    b.add(30, edge(Id::span_end, 0, 30));
    b.add(50, edge(Id::span_end, 1, 50));
    b.add(60, edge(Id::span_begin, 0, 60));  // never ends
    b.add(65, trace::ControlWrite{Id::cr3_write, 0x1000, 0});
    b.add(70, trace::Counters{0, 70, {0, 0, 0}, {0, 0, 0}});
    const tools::Statistics s = statistics_of(b.bytes(), SmallTrace::run_json(false));
    ASSERT_EQ(s.spans.size(), 2u);
    EXPECT_EQ(s.spans[0].count, 1u);
    EXPECT_EQ(s.spans[0].sum.events.instructions, 10u);
    EXPECT_EQ(s.spans[1].sum.events.instructions, 40u);
    EXPECT_EQ(s.spans[1].sum.events.cr3_writes, 1u);
    EXPECT_EQ(s.outside.events.cr3_writes, 1u) << "of the span that never ended";
    EXPECT_EQ(s.outside.events.instructions, 30u);
    EXPECT_EQ(s.in_outermost_spans.events.instructions, 40u);
}

TEST(Statistics, InstructionCountsOfSpansWrapAround) {
    tests::StreamBuilder b{SmallTrace::state()};
    b.add(1, trace::Counters{0, 0xFFFFFFF0, {0, 0, 0}, {0, 0, 0}});
    b.add(2, trace::SpanEdge{Id::span_begin, 0, 0xFFFFFFF8});
    b.add(3, trace::SpanEdge{Id::span_end, 0, 0x00000008});
    b.add(4, trace::Counters{0, 0x100000010, {0, 0, 0}, {0, 0, 0}});
    const tools::Statistics s = statistics_of(b.bytes(), SmallTrace::run_json(false));
    EXPECT_EQ(s.spans.at(0).least, 16u);
    EXPECT_EQ(s.total.events.instructions, 0x100000010u);
}

TEST(Statistics, LookupsOfACutOffRecordingAreNeverFewerThanItsMisses) {
    tests::StreamBuilder b{SmallTrace::state()};
    b.add(1, trace::Counters{0, 1, {10, 0, 0}, {20, 0, 0}});
    b.add(2, SmallTrace::walk(0x08048000, mm::AccessKind::read, true, 0x2067, 0x500067, mm::RefillCause::first_touch));
    const tools::Statistics s = statistics_of(b.bytes(), SmallTrace::run_json(false));
    EXPECT_EQ(s.models[0].data.misses, 1u);
    EXPECT_EQ(s.models[0].data.lookups, 21u);
}

// A recording of two profiles; the second one has a second level and a cache of directory entries.
struct TwoProfiles {
    static tools::Profile other() {
        tools::Profile p = tools::find_profile("p6");
        p.name = "other";
        p.second_data_4k = p.data_4k, p.pde_cache = p.data_4k;
        return p;
    }
    static std::string run_json() {
        std::string run = SmallTrace::run_json(false);
        run.replace(run.find("[\"p6\"]"), 6, "[\"p6\", \"other\"]");
        return run;
    }
    static tools::Statistics statistics(std::vector<tools::Profile> wanted) {
        tests::StreamBuilder b{SmallTrace::state()};
        trace::ModelWalk both = SmallTrace::walk(0x08048000, mm::AccessKind::read, true, 0x2067, 0x500067, mm::RefillCause::first_touch);
        b.add(1, both);
        both.walk.page = mm::Vpn{0x8049}, both.walk.pte = 0x501067;
        both.profiles = 3, both.cached = 2;  // both walked, the second one without reading the directory
        b.add(2, both);
        b.add(3, trace::SpanEdge{Id::span_begin, 0, 3});
        trace::ModelWalk one = both;
        one.profiles = 1, one.cached = 0, one.cause = mm::RefillCause::evicted;
        b.add(4, one);
        b.add(5, trace::SecondHits{1, 4});
        b.add(6, trace::SpanEdge{Id::span_end, 0, 6});
        b.add(7, trace::SecondHits{1, 2});
        b.add(8, trace::Counters{0, 8, {0, 0, 0}, {20, 3, 3}});
        b.add(8, trace::Counters{1, 8, {0, 0, 0}, {20, 8, 2}});
        const tests::TemporaryDirectory directory;
        tests::write_trace(directory.path(), b.bytes(), run_json());
        tools::Trace t{directory.path()};
        tools::Statistics s = collect_statistics(t, std::move(wanted));
        tools::check_conservation(s, "test");
        return s;
    }
};

TEST(Statistics, CountWhatEachProfileWalkedReadAndFoundInItsSecondLevel) {
    const tools::Statistics s = TwoProfiles::statistics({tools::find_profile("p6"), TwoProfiles::other()});
    EXPECT_EQ(s.total.profiles[0].walks.walks, 3u);
    EXPECT_EQ(s.total.profiles[0].walks.all_reads(), 6u);
    EXPECT_EQ(s.total.profiles[1].walks.walks, 2u);
    EXPECT_EQ(s.total.profiles[1].walks.all_reads(), 3u) << "a directory entry from the cache is no read";
    EXPECT_EQ(s.models[1].levels.directory_cached, 1u);
    EXPECT_EQ(s.total.profiles[1].walks.second_hits, 6u);
    EXPECT_EQ(s.spans.at(0).sum.profiles[1].walks.second_hits, 4u) << "of this span";
    EXPECT_EQ(tools::of(s.spans.at(0).sum.profiles[0].causes, mm::RefillCause::evicted), 1u);
    const auto json = statistics_json(s, {});
    EXPECT_TRUE(json["models"][0]["stlb"].is_null());
    EXPECT_EQ(json["models"][1]["stlb"].dump(), R"({"lookups":8,"misses":2})");
    EXPECT_EQ(json["models"][1]["dtlb"].dump(), R"({"lookups":20,"misses":8})");
    EXPECT_EQ(json["models"][0]["causes"]["evicted"], 1);
    EXPECT_EQ(json["zones"][0]["causes"]["p6"]["first_touch"], 2);
}

TEST(Statistics, MayBeOfOneOfSeveralProfiles) {
    const tools::Statistics s = TwoProfiles::statistics({TwoProfiles::other()});
    ASSERT_EQ(s.models.size(), 1u);
    EXPECT_EQ(s.total.profiles[0].walks.walks, 2u);
    EXPECT_EQ(s.total.profiles[0].walks.second_hits, 6u);
    EXPECT_EQ(s.models[0].data.lookups, 20u);
}

// Whatever the entries are, the fast way gives what the walk gives.
TEST(WalkPlaces, AgreeWithTheWalk) {
    std::mt19937_64 random{tests::seed()};
    const auto check = [&](const trace::State& state, uint64_t pde, uint64_t pte) {
        trace::WalkRecord r{mm::Vpn{static_cast<uint32_t>(random()) >> 12}, {}, false, 0, pde, pte};
        const trace::WalkView view = trace::view(r, state);
        r.reads = view.reads;
        const tools::WalkPlaces fast = tools::places(r, state);
        ASSERT_TRUE(view.reads < 1 || fast.pde_at == view.pde_at);
        ASSERT_TRUE(view.reads < 2 || fast.pte_at == view.pte_at);
        ASSERT_TRUE(!view.translation.mapped() || fast.frame == view.translation.frame);
    };
    for (int i = 0; i < 100000; ++i) {
        trace::State classic = SmallTrace::state();
        classic.control.cr3 = static_cast<uint32_t>(random());
        check(classic, random() & 0xFFFFFFFF, random() & 0xFFFFFFFF);
        trace::State pae = classic;
        pae.control.cr4 |= mm::cr4_pae;
        for (uint64_t& pdpte : pae.pdpte) pdpte = (random() & 0xFFFFFF000) | 1;
        check(pae, random() & 0xFFFFFFFFF, random() & 0xFFFFFFFFF);
    }
}

// The golden profile's CPU has no SYSENTER. Everything is without it, and says so; a span with it has no cycles.
TEST(Statistics, WhatTheCpuCannotExecuteHasNoCycles) {
    const tests::TemporaryDirectory directory;
    tests::write_trace(directory.path(), SmallTrace::stream(), SmallTrace::run_json());
    tools::Trace trace{directory.path()};
    tools::Statistics s = collect_statistics(trace, {tools::read_profile(tests::data_directory() / "golden.toml")});
    EXPECT_TRUE(s.can_execute(s.total, 0));
    s.spans[0].sum.events.fast_calls += 2, s.total.events.fast_calls += 2;
    EXPECT_FALSE(s.can_execute(s.spans[0].sum, 0));
    const auto json = statistics_json(s, {});
    EXPECT_TRUE(json["spans"][0]["cycles"]["p6"].is_null());
    EXPECT_FALSE(json["spans"][1]["cycles"]["p6"].is_null());
    EXPECT_EQ(json["models"][0]["missing_instructions"], 2);
    EXPECT_GT(json["models"][0]["cycles"]["best"], 0);
    std::ostringstream out;
    print_statistics(s, {}, out);
    const auto has = [&](const std::string& part) { EXPECT_NE(out.str().find(part), std::string::npos) << part << "\nis not in\n" << out.str(); };
    has("not on this CPU: SYSENTER and SYSEXIT, of p6; everything is without the 2 that were executed\n");
    has("           0         not on this CPU\n");
}

}  // namespace
