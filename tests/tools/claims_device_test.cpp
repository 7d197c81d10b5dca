// SPDX-License-Identifier: LGPL-2.1-or-later
// The claims about devices, page maps, stacks and formats, on made-up machines that confirm them, limit them and refute them.
#include <gtest/gtest.h>

#include "claim_facts.hpp"

namespace {

using namespace tests;

void set_measure(Facts& f, const std::string& name, uint64_t value) { f.measures.push_back({name, value, "x"}); }

// What a kernel with struct pages of so many bytes says at boot, at least.
void say_page_map(Facts& f, uint64_t least_bytes) {
    const size_t at = f.machine.append.find('=');
    const uint64_t bytes =
        std::max<uint64_t>(at == std::string::npos ? least_bytes : std::stoul(f.machine.append.substr(at + 1)), least_bytes);
    const uint64_t frames = f.run.zones.back().end_pfn, lowmem = f.region("lowmem").end - f.region("lowmem").start;
    if (frames * bytes < lowmem) {
        f.console = {"sizeof(struct page) = " + std::to_string(bytes) + ", mem_map " + std::to_string(frames * bytes >> 10) +
                     "k"};
        return;
    }
    f.console = {"The page map does not fit into lowmem: " + std::to_string(frames) + " frames of " + std::to_string(bytes) +
                 " bytes each are " + std::to_string(frames * bytes >> 20) + " MB, and of " + std::to_string(lowmem >> 20) +
                 " MB of lowmem 880 MB are free."};
    f.good = false;
    f.run.zones.clear(), f.run.regions.clear();
}

TEST(Claims, PageMapEatsLowmemOfLargeMachines) {
    const Claim claim = page_map_claim();
    EXPECT_EQ(verdict_of(claim, evidence_for(claim, [](Facts& f) { say_page_map(f, 32); })), Verdict::holds_with_limits)
        << "a struct page has 32 bytes";
    EXPECT_EQ(verdict_of(claim, evidence_for(claim, [](Facts& f) { say_page_map(f, 300); })), Verdict::does_not_hold)
        << "then 4 GiB fill lowmem, too";
    EXPECT_EQ(verdict_of(claim, evidence_for(claim, [](Facts& f) { f.console = {"sizeof(struct page) = 4, mem_map 1k"}; })),
              Verdict::does_not_hold)
        << "with 4 bytes nothing is eaten";
    EXPECT_THROW((void)verdict_of(claim, evidence_for(claim)), tools::Failure) << "it did not say";
}

// Reads through devices that reach so far; a bounced page costs so many instructions more.
Evidence reads(const Claim& claim, const std::vector<std::string>& bounced, uint64_t more) {
    return evidence_for(claim, [&](Facts& f) {
        for (auto& [name, s] : f.spans) {
            const bool bounces = std::find(bounced.begin(), bounced.end(), name) != bounced.end();
            set_measure(f, "pages-" + name, 100), set_measure(f, "bounces-" + name, bounces ? 100 : 0),
                set_measure(f, "kmaps-" + name, 0);
            if (bounces) s = span(100, 50 + more);
        }
    });
}

TEST(Claims, BouncesAreForPagesOutOfReach) {
    const Claim claim = bounce_claim();
    const std::vector<std::string> beyond{"floppy-normal", "floppy-highmem", "floppy-above4g", "disk-above4g"};
    EXPECT_EQ(verdict_of(claim, reads(claim, beyond, 100)), Verdict::holds);
    EXPECT_EQ(verdict_of(claim, reads(claim, beyond, 0)), Verdict::does_not_hold) << "they cost nothing";
    EXPECT_EQ(verdict_of(claim, reads(claim, {"floppy-normal"}, 100)), Verdict::does_not_hold) << "who read the others?";
    EXPECT_EQ(verdict_of(claim,
                         reads(claim, {"floppy-normal", "floppy-highmem", "floppy-above4g", "disk-above4g", "pio-highmem"}, 100)),
              Verdict::does_not_hold);
}

Evidence threads(const Claim& claim, uint64_t large, uint64_t small, uint64_t free_pages) {
    return evidence_for(claim, [=](Facts& f) {
        const bool is_small = !f.machine.append.empty();
        const std::string name = is_small ? "threads-4k" : "threads-8k";
        set_measure(f, name, is_small ? small : large), set_measure(f, name + "-free-order-0", is_small ? 0 : free_pages),
            set_measure(f, name + "-free-larger", 700);
    });
}

TEST(Claims, StacksOfTwoPagesFailWithMemoryFree) {
    const Claim claim = stacks_claim();
    EXPECT_EQ(verdict_of(claim, threads(claim, 2500, 14000, 11800)), Verdict::holds);
    EXPECT_EQ(verdict_of(claim, threads(claim, 2500, 2500, 11800)), Verdict::does_not_hold);
    EXPECT_EQ(verdict_of(claim, threads(claim, 2500, 14000, 100)), Verdict::does_not_hold) << "memory was used up";
}

TEST(Claims, MmioNeedsAWindowThatCanBeFull) {
    const Claim claim = mmio_claim();
    const auto window = [&](uint64_t entries, uint64_t mapped) {
        return evidence_for(claim, [=](Facts& f) {
            set_measure(f, "ioremap-entries", entries), set_measure(f, "ioremap-window", 114680),
                set_measure(f, "ioremap-until-full", mapped);
            f.spans["ioremap"].walks.walks = 100;
        });
    };
    EXPECT_EQ(verdict_of(claim, window(16, 98304)), Verdict::holds);
    EXPECT_EQ(verdict_of(claim, window(0, 98304)), Verdict::does_not_hold);
    EXPECT_EQ(verdict_of(claim, window(16, 200000)), Verdict::does_not_hold) << "more than there is";
}

Evidence formats(const Claim& claim, const std::string& code, uint64_t pdptes) {
    return evidence_for(claim, [&](Facts& f) {
        f.observed.cr3_writes = 100;
        if (f.machine.paging != "pae") return;
        f.observed.pdpte_loads = 100 * pdptes;
        f.console = {"workload run-data", "process 1: killed by exception 14 at 0x1, address 0x1, error code " + code};
    });
}

TEST(Claims, PaeReachesFurtherAndStopsRunningData) {
    const Claim claim = pae_claim();
    EXPECT_EQ(verdict_of(claim, formats(claim, "21", 4)), Verdict::holds);
    EXPECT_EQ(verdict_of(claim, formats(claim, "5", 4)), Verdict::does_not_hold) << "a read, not a fetch";
    EXPECT_EQ(verdict_of(claim, formats(claim, "21", 0)), Verdict::does_not_hold);
}

void say_memory(Facts& f, uint64_t embedded_kib, uint64_t freed_kib) {
    const bool embedded = f.machine.initramfs == "embedded";
    f.console = {"Memory: 1039000k/1048512k available (134k kernel code, 9000k reserved, " +
                 std::to_string(embedded ? 200 + embedded_kib : 200) + "k data, 0k init, 131008k highmem)"};
    if (!embedded) f.console.push_back("Freeing initrd memory: " + std::to_string(freed_kib) + "k freed");
}

TEST(Claims, AnEmbeddedInitramfsIsPinned) {
    const Claim claim = initramfs_claim();
    EXPECT_EQ(verdict_of(claim, evidence_for(claim, [](Facts& f) { say_memory(f, 300, 280); })), Verdict::holds);
    EXPECT_EQ(verdict_of(claim, evidence_for(claim, [](Facts& f) { say_memory(f, 300, 0); })), Verdict::holds_with_limits)
        << "a module that is never freed pins as much";
    EXPECT_EQ(verdict_of(claim, evidence_for(claim, [](Facts& f) { say_memory(f, 0, 280); })), Verdict::does_not_hold);
    EXPECT_THROW((void)verdict_of(claim, evidence_for(claim)), tools::Failure);
}

}  // namespace
