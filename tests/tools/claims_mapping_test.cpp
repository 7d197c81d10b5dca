// SPDX-License-Identifier: LGPL-2.1-or-later
// The claims about mappings, flushes and copies, on made-up machines that confirm them, limit them and refute them.
#include <gtest/gtest.h>

#include "claim_facts.hpp"

namespace {

using namespace tests;

void set_measure(Facts& f, const std::string& name, uint64_t value) { f.measures.push_back({name, value, "x"}); }

TEST(Claims, SupervisorBitHidesWhatStaysMapped) {
    const Claim claim = supervisor_bit_claim();
    const auto console = [](const std::string& code) {
        return std::vector<std::string>{"workload touch-kernel",
                                        "process 1: killed by exception 14 at 0x00401d27, address 0xc0001000, error code " + code,
                                        "workload ipc"};
    };
    const auto hidden = [&](Facts& f) { f.console = console("5"); };
    EXPECT_EQ(verdict_of(claim, evidence_for(claim, hidden)), Verdict::holds);
    EXPECT_EQ(verdict_of(claim, evidence_for(claim, [&](Facts& f) { f.console = console("4"); })), Verdict::does_not_hold)
        << "absent, not hidden";
    EXPECT_EQ(verdict_of(claim, evidence_for(claim)), Verdict::does_not_hold) << "nothing stopped the program";
    EXPECT_EQ(verdict_of(claim, evidence_for(claim,
                                             [&](Facts& f) {
                                                 hidden(f);
                                                 if (f.machine.split == "1:3")
                                                     f.spans["null-syscall"] = with(span(100, 50), 0, 1);
                                             })),
              Verdict::does_not_hold)
        << "a refill";
}

TEST(Claims, AFaultBelongsToItsWorkload) {
    Facts f;
    f.console = {"process 1: killed by exception 14 at 0x1, address 0x0, error code 5",
                 "workload a",
                 "process 2: killed by exception 14 at 0x1, address 0x0, error code 21: out of memory",
                 "process 3: killed by exception 0 at 0x1",
                 "workload b",
                 "process 4: killed by exception 0 at 0x1"};
    EXPECT_EQ(f.fault_code("a"), 21u);
    EXPECT_EQ(f.fault_code("b"), 0u);
    EXPECT_EQ(f.fault_code("c"), 0u);
}

TEST(Claims, ContextSwitchFlushesWhatIsNotGlobal) {
    const Claim claim = context_switch_claim();
    const auto switches = [&](uint64_t refills, uint64_t without_global) {
        return evidence_for(claim, [=](Facts& f) {
            for (auto& [name, s] : f.spans) s = with(s, 1, f.machine.append.empty() ? refills : without_global);
        });
    };
    EXPECT_EQ(verdict_of(claim, switches(3, 6)), Verdict::holds_with_limits);
    EXPECT_EQ(verdict_of(claim, switches(3, 3)), Verdict::holds) << "nothing was kept";
    EXPECT_EQ(verdict_of(claim, switches(0, 0)), Verdict::does_not_hold);
}

TEST(Claims, DirectMapChangesNoTable) {
    const Claim claim = direct_map_claim();
    const auto kmalloc = [&](uint64_t entries, uint64_t runs, uint64_t invlpg) {
        return evidence_for(claim, [=](Facts& f) {
            set_measure(f, "kmalloc-entries", entries), set_measure(f, "kmalloc-runs", runs);
            f.spans["kmalloc"] = with(span(100, 50), 0, 0, invlpg);
        });
    };
    EXPECT_EQ(verdict_of(claim, kmalloc(0, 1, 0)), Verdict::holds);
    EXPECT_EQ(verdict_of(claim, kmalloc(1, 1, 0)), Verdict::does_not_hold);
    EXPECT_EQ(verdict_of(claim, kmalloc(0, 2, 0)), Verdict::does_not_hold);
    EXPECT_EQ(verdict_of(claim, kmalloc(0, 1, 1)), Verdict::does_not_hold);
    EXPECT_THROW((void)verdict_of(claim, evidence_for(claim)), tools::Failure) << "no measure";
}

TEST(Claims, VirtualMapJoinsScatteredPages) {
    const Claim claim = virtual_map_claim();
    const auto vmalloc = [&](uint64_t entries, uint64_t runs) {
        return evidence_for(claim, [=](Facts& f) {
            set_measure(f, "kmalloc-entries", 0), set_measure(f, "kmalloc-runs", 1);
            set_measure(f, "vmalloc-entries", entries), set_measure(f, "vmalloc-runs", runs);
        });
    };
    EXPECT_EQ(verdict_of(claim, vmalloc(16, 16)), Verdict::holds);
    EXPECT_EQ(verdict_of(claim, vmalloc(0, 16)), Verdict::does_not_hold);
    EXPECT_EQ(verdict_of(claim, vmalloc(16, 1)), Verdict::does_not_hold);
}

// A kmap of so many INVLPGs and instructions more; the copy of a page takes so many instructions.
Evidence kmaps(const Claim& claim, uint64_t more, uint64_t copy) {
    return evidence_for(claim, [=](Facts& f) {
        for (const char* name : {"kmap-entries", "kmap-atomic-entries"}) set_measure(f, name, 1);
        for (const char* name : {"kmap-low-entries", "kmap-atomic-low-entries"}) set_measure(f, name, 0);
        f.spans["copy-page-low"] = span(100, copy);
        for (const char* name : {"kmap", "kmap-atomic"}) f.spans[name] = span(100, 50 + more);
        for (const char* name : {"copy-page-kmap", "copy-page-atomic"}) f.spans[name] = span(100, copy + more);
    });
}

TEST(Claims, KmapIsSignificantIfATenthOfACopyIs) {
    const Claim claim = kmap_claim();
    EXPECT_EQ(verdict_of(claim, kmaps(claim, 200, 1000)), Verdict::holds);
    EXPECT_EQ(verdict_of(claim, kmaps(claim, 50, 1000)), Verdict::holds_with_limits);
    EXPECT_EQ(verdict_of(claim, kmaps(claim, 0, 1000)), Verdict::does_not_hold);
    EXPECT_EQ(verdict_of(claim, evidence_for(claim,
                                             [&](Facts& f) {
                                                 for (const char* name : {"kmap-entries", "kmap-atomic-entries"})
                                                     set_measure(f, name, 1);
                                                 for (const char* name : {"kmap-low-entries", "kmap-atomic-low-entries"})
                                                     set_measure(f, name, 0);
                                                 // 100 instructions less, one CR3 write more: the costs decide.
                                                 for (const char* name : {"kmap", "kmap-atomic"})
                                                     f.spans[name] = with(span(100, 50), 1),
                                                     f.spans[std::string{name} + "-low"] = span(100, 150);
                                             })),
              Verdict::cannot_tell);
}

TEST(Claims, UserCopyNeedsNoKmapBelowFourFour) {
    const Claim claim = user_copy_claim();
    const auto invlpg_at = [&](const std::string& split, uint64_t invlpg) {
        return evidence_for(claim, [=](Facts& f) {
            for (auto& [name, s] : f.spans) s = with(s, 0, 0, f.machine.split == split ? invlpg : 0);
        });
    };
    EXPECT_EQ(verdict_of(claim, invlpg_at("4:4", 1)), Verdict::holds_with_limits);
    EXPECT_EQ(verdict_of(claim, invlpg_at("4:4", 0)), Verdict::holds);
    EXPECT_EQ(verdict_of(claim, invlpg_at("3:1", 1)), Verdict::does_not_hold);
}

TEST(Claims, HeadroomMattersWhereAnOperationGetsDearer) {
    const Claim claim = headroom_claim();
    EXPECT_EQ(verdict_of(claim, evidence_for(claim)), Verdict::does_not_hold) << "nothing depends on memory";
    EXPECT_EQ(
        verdict_of(claim, evidence_for(claim, [](Facts& f) { f.spans["pagefault"] = span(100, 1000 + f.machine.memory_mib); })),
        Verdict::holds);
    EXPECT_EQ(verdict_of(claim, evidence_for(claim,
                                             [](Facts& f) {
                                                 f.spans["pagefault"] =
                                                     f.machine.memory_mib > 4000 ? span(100, 100) : span(100, 50);
                                             })),
              Verdict::holds_with_limits)
        << "only beyond lowmem";
    EXPECT_EQ(verdict_of(claim, evidence_for(claim,
                                             [](Facts& f) {
                                                 f.spans["pagefault"] =
                                                     f.machine.memory_mib > 4000 ? span(100, 10100) : span(100, 10000);
                                             })),
              Verdict::does_not_hold)
        << "by 1 %, which says nothing";
}

}  // namespace
