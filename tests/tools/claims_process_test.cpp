// SPDX-License-Identifier: LGPL-2.1-or-later
// The claims about programs' room and page tables, on made-up machines that confirm them, limit them and refute them.
#include <gtest/gtest.h>

#include "claim_facts.hpp"

namespace {

using namespace tests;

void set_measure(Facts& f, const std::string& name, uint64_t value) { f.measures.push_back({name, value, "x"}); }

// The largest mapping is this part of the user region.
Evidence rooms(const Claim& claim, double part, bool fits_1_3) {
    return evidence_for(claim, [=](Facts& f) {
        const auto room = static_cast<uint64_t>(part * static_cast<double>(f.region("user").end));
        for (const char* name : {"largest-mapping", "mapped-total", "heap-room", "room-total"}) set_measure(f, name, room);
        set_measure(f, "program-1249m", f.machine.split != "1:3" || fits_1_3);
    });
}

TEST(Claims, RoomForProgramsIsInPieces) {
    const Claim claim = user_room_claim();
    EXPECT_EQ(verdict_of(claim, rooms(claim, 0.8, false)), Verdict::holds);
    EXPECT_EQ(verdict_of(claim, rooms(claim, 0.66, false)), Verdict::holds_with_limits) << "it fails earlier";
    EXPECT_EQ(verdict_of(claim, rooms(claim, 0.95, false)), Verdict::does_not_hold);
    EXPECT_EQ(verdict_of(claim, rooms(claim, 0.8, true)), Verdict::does_not_hold);
}

// With the option so many tables are in HIGHMEM, and a fork takes so many INVLPGs more.
Evidence forks(const Claim& claim, uint64_t in_highmem, uint64_t invlpg) {
    return evidence_for(claim, [=](Facts& f) {
        const bool option = f.machine.append == "highpte";
        set_measure(f, "fork-storm-processes", 100),
            set_measure(f, "fork-storm-tables-lowmem", option ? 1000 - in_highmem : 1000);
        set_measure(f, "fork-storm-tables-highmem", option ? in_highmem : 0),
            set_measure(f, "fork-storm-lowmem", option ? 3000 - in_highmem : 3000);
        set_measure(f, "fork-storm-kmaps", option ? 5000 : 0);
        if (option)
            for (auto& [name, s] : f.spans) s = with(s, 0, 0, invlpg);
    });
}

TEST(Claims, PageTablesCanBeInHighmemAtAPrice) {
    const Claim claim = page_tables_claim();
    EXPECT_EQ(verdict_of(claim, forks(claim, 800, 20)), Verdict::holds);
    EXPECT_EQ(verdict_of(claim, forks(claim, 0, 20)), Verdict::does_not_hold);
    EXPECT_EQ(verdict_of(claim, forks(claim, 800, 0)), Verdict::does_not_hold) << "without a price";
    EXPECT_EQ(verdict_of(claim, evidence_for(claim,
                                             [](Facts& f) {
                                                 const bool option = f.machine.append == "highpte";
                                                 set_measure(f, "fork-storm-processes", 100),
                                                     set_measure(f, "fork-storm-tables-lowmem", option ? 1 : 1000);
                                                 set_measure(f, "fork-storm-tables-highmem", option ? 999 : 0),
                                                     set_measure(f, "fork-storm-lowmem", option ? 1 : 3000);
                                                 set_measure(f, "fork-storm-kmaps", option ? 5000 : 0);
                                                 // One INVLPG more and some instructions less: the costs decide.
                                                 for (auto& [name, s] : f.spans)
                                                     s = option ? with(span(100, 50), 0, 0, 1)
                                                                : span(100, 50 + static_cast<uint64_t>(f.costs.invlpg.best));
                                             })),
              Verdict::cannot_tell);
}

// Of 100 pages on each path so many needed a kmap.
Evidence paths(const Claim& claim, uint64_t by_device, uint64_t by_processor) {
    return evidence_for(claim, [=](Facts& f) {
        for (const char* name : {"pages-swap-dma", "pages-swap-compress", "reads-async-dma", "reads-async-pio",
                                 "elsewhere-async-dma", "elsewhere-async-pio"})
            set_measure(f, name, 100);
        for (const char* name : {"kmaps-swap-dma", "kmaps-async-dma"}) set_measure(f, name, by_device);
        for (const char* name : {"kmaps-swap-compress", "kmaps-async-pio"}) set_measure(f, name, by_processor);
    });
}

TEST(Claims, PagesOfOthersNeedAKmapUnlessADeviceMovesThem) {
    const Claim claim = not_current_claim();
    EXPECT_EQ(verdict_of(claim, paths(claim, 0, 100)), Verdict::holds);
    EXPECT_EQ(verdict_of(claim, paths(claim, 1, 100)), Verdict::does_not_hold);
    EXPECT_EQ(verdict_of(claim, paths(claim, 0, 99)), Verdict::does_not_hold);
}

}  // namespace
