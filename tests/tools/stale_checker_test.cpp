// SPDX-License-Identifier: LGPL-2.1-or-later
// Each rule for the events of missing flushes, broken once.
#include <gtest/gtest.h>

#include "complaint.hpp"
#include "tools/stale_checker.hpp"

namespace {

namespace trace = mm::trace;
using tests::complaint;
using tests::complaint_about;
using tests::SmallTrace;

// What is wrong with the small trace's report, changed so, at its time.
std::string complaint_of(const std::function<void(trace::Stale&)>& change) {
    trace::Stale e = SmallTrace::stale();
    change(e);
    return complaint([&](auto& b) { b.add(2080, e); });
}

TEST(StaleChecker, AReportIsAboutWhatWasBeforeIt) {
    EXPECT_EQ(complaint_of([](auto&) {}), "");
    EXPECT_EQ(complaint_of([](auto& e) { e.change.ticks = 2081; }), "stale: the entry was changed after this use");
    EXPECT_EQ(complaint_of([](auto& e) { e.cached.ticks = 2081; }), "stale: the translation was cached after this use");
}

TEST(StaleChecker, SitesAreNumberedAndCountsGrow) {
    EXPECT_EQ(complaint_of([](auto& e) { e.site = 1; }), "stale: sites are not numbered in order");
    const trace::Stale first = SmallTrace::stale();
    EXPECT_EQ(complaint([&](auto& b) { b.add(2080, first), b.add(2081, first); }), "stale: sites are not numbered in order");
    EXPECT_EQ(complaint([](auto& b) { b.add(1, trace::StaleUses{0, 1}); }), "stale_uses: of a site that was not reported");
    EXPECT_EQ(complaint([&](auto& b) { b.add(2080, first), b.add(2081, trace::StaleUses{0, 4}), b.add(2082, trace::StaleUses{0, 4}); }),
              "stale_uses: the count does not grow");
}

TEST(StaleChecker, WithSeveralCpusWhatWasSaidLastCounts) {
    tools::RunInfo run = tools::parse_run_info(SmallTrace::run_json(), "run.json");
    run.cpus = 2, run.complete = true;
    trace::State state;
    state.control.cr0 = mm::cr0_pe | mm::cr0_pg, state.control.cr4 = mm::cr4_pse | mm::cr4_pge, state.control.physical_bits = 36;
    trace::Stale first = SmallTrace::stale();
    const auto said = [&](uint64_t sites, uint64_t uses, auto&& events) {
        run.stale->sites = sites, run.stale->uses = uses;
        tools::StaleChecker checker{run};
        events(checker);
        return checker.finish();
    };
    const auto told_by_two = [&](tools::StaleChecker& c) {
        EXPECT_EQ(c.take(2080, 0, first, state), "");
        EXPECT_EQ(c.take(3000, trace::StaleUses{0, 9}), "");
        EXPECT_EQ(c.take(2500, trace::StaleUses{0, 4}), "") << "by the other CPU, before";
    };
    EXPECT_EQ(said(1, 9, told_by_two), "");
    EXPECT_NE(said(1, 4, told_by_two), "");
    const auto taken_back = [&](tools::StaleChecker& c) {
        told_by_two(c);
        EXPECT_EQ(c.take(4000, trace::StaleUses{0, 0}), "");
    };
    EXPECT_EQ(said(0, 0, taken_back), "");
    const auto used_again = [&](tools::StaleChecker& c) {
        taken_back(c);
        EXPECT_EQ(c.take(5000, 0, first, state), "");
    };
    EXPECT_EQ(said(1, 1, used_again), "");
}

TEST(StaleChecker, CpusAndProfilesExist) {
    EXPECT_EQ(complaint_of([](auto& e) { e.change.cpu = 1; }), "stale: changed by this CPU, but another is named");
    EXPECT_EQ(complaint_of([](auto& e) { e.change.how = mm::EntryWriter::other_cpu, e.change.cpu = 1; }), "stale: changed by another CPU, but none is named");
    EXPECT_EQ(complaint_of([](auto& e) { e.profiles = 2; }), "stale: a profile that the recording does not have");
}

TEST(StaleChecker, WhatTheMachineCannotHave) {
    EXPECT_EQ(complaint_of([](auto& e) { e.old_frame = mm::Pfn{1u << 24}; }), "stale: a frame is beyond the CPU's physical addresses");
    EXPECT_EQ(complaint_of([](auto& e) { e.mapped = false; }), "stale: a frame where nothing is mapped");
    EXPECT_EQ(complaint_of([](auto& e) { e.level = mm::TableLevel::pdpte; }), "stale: a PDPTE without PAE");
    EXPECT_EQ(complaint_of([](auto& e) { e.kind = mm::StaleKind::pdpte_not_loaded; }), "stale: pdpte_not_loaded, but another level's entry");
    EXPECT_EQ(complaint_of([](auto& e) { e.change.entry_at = mm::PhysAddr{0x3002}; }), "stale: the entry is not at an entry's address");
    EXPECT_EQ(complaint_of([](auto& e) { e.change.entry_at = mm::PhysAddr{uint64_t{1} << 36}; }), "stale: the entry is beyond the CPU's physical addresses");
    EXPECT_EQ(complaint_of([](auto& e) { e.change.old_entry = uint64_t{1} << 32; }), "stale: an entry of more than 32 bits without PAE");
    const auto without = [](uint32_t cr0, uint32_t cr4) {
        return complaint([=](auto& b) {
            b.add(1, trace::ControlWrite{trace::EventId::cr4_write, cr4, 0});
            b.add(2, trace::ControlWrite{trace::EventId::cr0_write, cr0, 0});
            trace::Stale e = SmallTrace::stale();
            e.large = !(cr4 & mm::cr4_pse);
            b.add(2080, e);
        });
    };
    EXPECT_EQ(without(mm::cr0_pe, mm::cr4_pge), "stale: while 32-bit paging is off");
    EXPECT_EQ(without(mm::cr0_pe | mm::cr0_pg, mm::cr4_pge), "stale: a large page while there are none");
    EXPECT_EQ(without(mm::cr0_pe | mm::cr0_pg, mm::cr4_pse), "stale: a global page while there are none");
}

TEST(StaleChecker, RunJsonHasTheSameSums) {
    const auto with = [](const std::string& from, const std::string& to) {
        std::string run = SmallTrace::run_json();
        return complaint_about(SmallTrace::stream(), run.replace(run.find(from), from.size(), to));
    };
    EXPECT_NE(with("\"sites\": 1", "\"sites\": 2").find("stale: run.json says 2 sites, but 1 are reported"), std::string::npos);
    EXPECT_NE(with("\"uses\": 3", "\"uses\": 4").find("stale: run.json says 4 uses, but the events say 3"), std::string::npos);
    EXPECT_NE(with("\"mode\": \"used\"", "\"mode\": \"off\"").find("stale: in a recording with stale off"), std::string::npos);
    EXPECT_EQ(with("\"uses\": 3, \"most_translations\": 1, \"unfollowed\": 0", "\"uses\": 9, \"most_translations\": 1, \"unfollowed\": 6"), "")
        << "uses that were counted at no site";
}

}  // namespace
