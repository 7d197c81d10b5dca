// SPDX-License-Identifier: LGPL-2.1-or-later
// Zones of random machines against a naive model: which zone Linux' rules name for each request, from the free counts
// alone, and who has which frame. Struct pages of every size.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <vector>

#include "tests/guest/machine.hpp"
#include "tests/guest/random.hpp"

namespace guest_test {
namespace {

using mm::Pages;
using mm::Pfn;

constexpr uint32_t most_frames = 40000;  // 156 MiB: small enough to run full again and again

// Lowmem and nodes at random places, all RAM but the first MiB and one hole.
struct Machine {
    mm::Layout layout = classic(mm::Split::u3k1);
    FrameRanges ram;
    NodeMap nodes;
    std::unique_ptr<PageMap> map;
    std::unique_ptr<Zonelist> zones;

    explicit Machine(Random& random) {
        const uint32_t end = 8192 + random.below(most_frames - 8192);
        layout.lowmem_bytes = mm::address(Pfn{4096 + random.below(end)}).raw;
        const uint32_t hole = 1024 + random.below(end - 2048);
        ram = ranges({range(256, hole), range(hole + random.below(1000), end)});
        uint32_t at = 0;
        for (unsigned left = random.below(max_nodes); left > 0; --left) {
            const uint32_t next = at + 1 + random.below((end - at) / 2);
            require(nodes.add(range(at, next)), "test: node");
            at = next;
        }
        require(nodes.add(range(at, end)), "test: node");
        map = std::make_unique<PageMap>(end, struct_page_sizes[random.below(3)]);
        zones = std::make_unique<Zonelist>(layout, ram, map->table(), nodes);
        zones->add(ram);
    }
};

// Linux' two passes, for single frames, by the free counts.
const Zone* expected_zone(const Zonelist& zones, Request request) {
    for (const bool to_min : {false, true})
        for (unsigned type = index_of(request.best) + 1; type-- > 0;)
            for (unsigned step = 0; step < zones.nodes(); ++step) {
                const Zone& zone = zones.zone(all_zones[type], (request.node + step) % zones.nodes());
                uint32_t mark = to_min ? zone.watermarks.min.raw : zone.watermarks.low.raw;
                if (to_min && request.urgency == Urgency::atomic) mark -= mark / 2, mark -= mark / 4;
                if (zone.buddy().free_pages().raw > mark + zone.reserve[index_of(request.best)].raw) return &zone;
            }
    return nullptr;
}

class ZoneModel : public testing::TestWithParam<int> {};

TEST_P(ZoneModel, SingleFramesComeFromTheZoneThatLinuxNames) {
    Random random;
    for (int skipped = GetParam() * 100; skipped > 0; --skipped) random.below(2);  // another machine from the same seed
    Machine machine{random};
    Zonelist& zones = *machine.zones;
    const Pages before = zones.free_pages();
    EXPECT_EQ(before, machine.ram.pages_within(range(0, most_frames)));
    std::map<uint32_t, bool> owned;
    std::vector<uint32_t> held;
    constexpr Request kinds[] = {gfp_dma, gfp_kernel, gfp_atomic, gfp_highuser};
    for (int step = 0; step < 60000; ++step) {
        const bool filling = step / 20000 != 1;  // fill, empty, fill
        if (!held.empty() && random.below(8) < (filling ? 1u : 7u)) {
            std::swap(held[random.below(static_cast<uint32_t>(held.size()))], held.back());
            zones.release(Pfn{held.back()});
            owned.erase(held.back());
            held.pop_back();
            continue;
        }
        const Request request = kinds[random.below(4)].on(random.below(zones.nodes()));
        const Zone* const expected = expected_zone(zones, request);
        const Allocation got = zones.allocate(request, 0);
        ASSERT_EQ(static_cast<bool>(got), expected != nullptr) << step;
        if (!got) continue;
        ASSERT_EQ(&zones.zone_of(got.first), expected) << step;
        ASSERT_EQ(machine.ram.pages_within({got.first, got.first + Pages{1}}), Pages{1}) << "a frame of a hole";
        ASSERT_TRUE(owned.emplace(got.first.raw, true).second) << "handed out twice";
        held.push_back(got.first.raw);
    }
    EXPECT_TRUE(zones.check());
    EXPECT_EQ(zones.free_pages() + Pages{static_cast<uint32_t>(held.size())}, before);
    for (uint32_t frame : held) zones.release(Pfn{frame});
    EXPECT_EQ(zones.free_pages(), before);
    EXPECT_TRUE(zones.check());
}

INSTANTIATE_TEST_SUITE_P(Machines, ZoneModel, testing::Range(0, 12));

class FailAllocation : public testing::Test {
protected:
    FailAllocation() { zones.add(ranges({range(1024, 262128)})); }
    PageMap map{262128};
    Zonelist zones{classic(mm::Split::u3k1), pc_ram(262128), map.table()};
};

TEST_F(FailAllocation, FailsTheOneThatWasAskedForAndNoOther) {
    for (uint32_t n = 1; n < 20; ++n) {
        zones.fail_allocation(n);
        for (uint32_t i = 1; i < 25; ++i) {
            const Allocation got = zones.allocate(i % 2 ? gfp_kernel : gfp_highuser, i % 3);
            EXPECT_EQ(got.why, i == n ? Shortage::injected : Shortage::none);
            if (got) zones.free(got.first, i % 3);
        }
        EXPECT_TRUE(zones.stop_failing());
    }
    EXPECT_EQ(zones.allocate(gfp_kernel, 0).why, Shortage::none);
}

TEST_F(FailAllocation, LeavesNoTrace) {
    const Watermarks before = zones.zone(ZoneType::normal).watermarks;
    zones.fail_allocation(3);
    EXPECT_EQ(zones.allocate(gfp_kernel, 0).why, Shortage::none);
    EXPECT_FALSE(zones.stop_failing()) << "only one allocation was made";
    const Watermarks after = zones.zone(ZoneType::normal).watermarks;
    EXPECT_EQ(after.low, before.low);
    EXPECT_EQ(after.min, before.min);
    EXPECT_FALSE(zones.stop_failing());
}

// Even who may take the last page can be made to fail: no request is beyond a test.
TEST_F(FailAllocation, EmergencyRequestsFailToo) {
    zones.fail_allocation(1);
    EXPECT_EQ(zones.allocate(gfp_emergency, 0).why, Shortage::injected);
    EXPECT_TRUE(zones.stop_failing());
}

}  // namespace
}  // namespace guest_test
