// SPDX-License-Identifier: LGPL-2.1-or-later
// The guest's tlb chains through the reference model of every built-in profile: they find how many pages its data TLBs hold.
// tests/e2e/tlb.tap does the same with the engine, in a recording.
#include <gtest/gtest.h>

#include <memory>

#include "guest-kernel/workload/pointer_chain.hpp"
#include "mm/mmu_geometries.hpp"
#include "paged_memory.hpp"
#include "reference.hpp"

namespace reference {
namespace {

constexpr uint32_t lengths[] = {4, 8, 12, 16, 20, 24, 32, 40, 48, 64, 80, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072};
constexpr uint32_t most_pages = 3072, area = 0x40000000, rounds = 4;

// Of one load in the steady state.
struct Misses {
    double first = 0, all = 0;
};

class Chase final {
public:
    explicit Chase(const mm::MmuGeometry& g) : model_{g} {
        for (uint32_t n = 0; n < most_pages; ++n) {
            const mm::VirtAddr page{area + (n << 12)};
            if (n % 1024 == 0) memory_.set_table(page, 2 + n / 1024);
            memory_.map_small(page, 0x1000 + n, {true, true, false, false});
        }
    }

    Misses misses(uint32_t length) {
        static const auto host = std::make_unique<char[]>((most_pages + 1) * guest::PointerChain::page_bytes);
        char* const first_page = host.get() + (-reinterpret_cast<uintptr_t>(host.get()) & (guest::PointerChain::page_bytes - 1));
        guest::Link at = guest::PointerChain(first_page, length, true).first();
        Misses sum;
        for (uint32_t load = 0; load < 2 * rounds * length; ++load, at = guest::follow(at, 1)) {
            const auto offset = static_cast<uint32_t>(reinterpret_cast<char*>(at) - first_page);
            const Outcome o = model_.access(mm::VirtAddr{area + offset}, {mm::AccessKind::read, true}, memory_.control, memory_.tables());
            if (load < rounds * length) continue;  // warm-up
            sum.first += o.by != ServedBy::first_level, sum.all += o.by == ServedBy::walk;
        }
        return {sum.first / (rounds * length), sum.all / (rounds * length)};
    }

private:
    PagedMemory memory_{false};
    Reference model_;
};

class KnownShapes : public testing::TestWithParam<mm::MmuGeometry> {};

// Below the number of entries nothing misses; a chain that does not fit misses at least one load in four, whatever is replaced.
TEST_P(KnownShapes, TheChainsFindHowManyPagesTheTlbsHold) {
    const mm::MmuGeometry& g = GetParam();
    const bool exclusive = g.inclusion == mm::Inclusion::exclusive;
    const uint32_t first = g.data.small.entries, second = g.second_data.small.entries;
    const uint32_t all = second == 0 ? first : exclusive ? first + second : second;
    Chase chase{g};
    for (uint32_t length : lengths) {
        const Misses m = chase.misses(length);
        SCOPED_TRACE(std::to_string(length) + " pages");
        if (length <= first) EXPECT_EQ(m.first, 0);
        else EXPECT_GE(m.first, 0.25);
        if (length <= all) EXPECT_EQ(m.all, 0);
        else EXPECT_GE(m.all, 0.25);
    }
}

INSTANTIATE_TEST_SUITE_P(Profiles, KnownShapes, testing::ValuesIn(mm::mmu_geometries), [](const auto& of) {
    std::string name = of.param.profile;
    for (char& c : name)
        if (c == '-') c = '_';
    return name;
});

}  // namespace
}  // namespace reference
