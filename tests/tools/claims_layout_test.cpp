// SPDX-License-Identifier: LGPL-2.1-or-later
// The claims that layouts and crossings decide, on made-up machines that confirm them, limit them and refute them.
#include <gtest/gtest.h>

#include "claim_facts.hpp"

namespace {

using namespace tests;

// What the kernel publishes for nodes=0-512M,512M-.
void two_nodes(Facts& f) {
    if (f.machine.append.empty()) return;
    f.run.zones = {{"DMA", 0, 4096, 3999, 0},
                   {"NORMAL", 4096, 131072, 126976, 0},
                   {"NORMAL", 131072, 229376, 98304, 1},
                   {"HIGHMEM", 131072, 131072, 0, 0},
                   {"HIGHMEM", 229376, 262128, 32752, 1}};
}

TEST(Claims, ZonesHoldWithTheLimitOfOtherSplits) {
    const Claim claim = zones_claim();
    EXPECT_EQ(verdict_of(claim, evidence_for(claim, two_nodes)), Verdict::holds_with_limits);
    EXPECT_EQ(verdict_of(claim, evidence_for(claim)), Verdict::does_not_hold) << "one node for both banks";
    EXPECT_EQ(verdict_of(claim, evidence_for(claim, [](Facts& f) { two_nodes(f), f.run.zones[0].end_pfn = 8192; })),
              Verdict::does_not_hold);
    EXPECT_EQ(verdict_of(claim, evidence_for(claim,
                                             [](Facts& f) {
                                                 two_nodes(f);
                                                 if (f.machine.split == "3:1" && f.machine.memory_mib == 1280)
                                                     --f.run.zones[1].end_pfn, --f.run.zones[2].start_pfn;
                                             })),
              Verdict::does_not_hold);
}

TEST(Claims, Limit896IsTheSumOfTheRegions) {
    const Claim claim = limit_896_claim();
    EXPECT_EQ(verdict_of(claim, evidence_for(claim)), Verdict::holds_with_limits)
        << "vmalloc takes what is left: 128 MiB are a choice";
    EXPECT_EQ(verdict_of(claim, evidence_for(claim, [](Facts& f) { f.run.regions[1].end -= 4 * mm::mebibyte; })),
              Verdict::does_not_hold);
    EXPECT_EQ(verdict_of(claim, evidence_for(claim, [](Facts& f) { f.run.regions.erase(f.run.regions.begin() + 2); })),
              Verdict::holds)
        << "without vmalloc all of the window is taken by fixed places and gaps";
}

TEST(Claims, SplitsTradeRoomAndNotTimeWhereAllIsLowmem) {
    const Claim claim = splits_claim();
    EXPECT_EQ(verdict_of(claim, evidence_for(claim)), Verdict::holds);
    EXPECT_EQ(verdict_of(claim, evidence_for(claim,
                                             [](Facts& f) {
                                                 if (f.machine.split == "3:1" && f.machine.memory_mib == 1024)
                                                     f.spans["pagefault"] = span(100, 60);
                                             })),
              Verdict::holds_with_limits);
    EXPECT_EQ(verdict_of(claim, evidence_for(claim, [](Facts& f) { f.run.regions[0].end = 0xC0000000; })),
              Verdict::does_not_hold);
}

// Crossings flush; a cache of files is cheaper where lowmem is larger, from 32 GiB on.
void make_own_tables_dearer(Facts& f) {
    f.measures = {{"buffers-inodes", 1000, "inodes"}, {"buffers-reread", 10, "pages"}};
    if (f.machine.split != "4:4") return;
    for (auto& [name, s] : f.spans)
        if (name != "buffers")
            s = with(s, 2), s.refills.split_switch = 5 * s.count;
        else if (f.machine.memory_mib > 1024)
            s = span(100, 20);
}

TEST(Claims, FourFourFlushesOnEachEntryAndExit) {
    const Claim claim = split_4_4_claim();
    EXPECT_EQ(verdict_of(claim, evidence_for(claim, make_own_tables_dearer)), Verdict::holds);
    EXPECT_EQ(verdict_of(claim, evidence_for(
                                    claim, [](Facts& f) { make_own_tables_dearer(f), f.spans["null-syscall"] = span(100, 50); })),
              Verdict::does_not_hold)
        << "no CR3 write at all";
    EXPECT_EQ(
        verdict_of(claim, evidence_for(claim, [](Facts& f) { make_own_tables_dearer(f), f.spans["buffers"] = span(100, 50); })),
        Verdict::does_not_hold)
        << "it is never worth it";
    EXPECT_EQ(verdict_of(claim, evidence_for(claim,
                                             [](Facts& f) {
                                                 make_own_tables_dearer(f);
                                                 if (f.machine.memory_mib == 32 * 1024) f.spans["buffers"] = span(100, 50);
                                             })),
              Verdict::holds_with_limits)
        << "only at 64 GiB";
    EXPECT_EQ(verdict_of(claim, evidence_for(claim,
                                             [](Facts& f) {
                                                 make_own_tables_dearer(f);
                                                 if (f.machine.split == "3:1")
                                                     f.spans["ipc"] =
                                                         span(100, 50 + 200);  // the flushes' interval begins below, ends above
                                             })),
              Verdict::cannot_tell);
}

}  // namespace
