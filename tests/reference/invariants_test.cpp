// SPDX-License-Identifier: LGPL-2.1-or-later
// What must always hold in the reference model, whatever the geometry: random streams on random geometries.
#include <gtest/gtest.h>

#include <set>

#include "../seed.hpp"
#include "random_geometry.hpp"
#include "random_machine.hpp"

namespace {

using namespace reference;

// A model as RandomMachine drives it, which notes what came up.
struct Driven {
    Driven(const mm::MmuGeometry& g, const PagedMemory& m) : model{g}, memory{m} {}
    void access(mm::VirtAddr a, mm::Access access, const mm::Control& c) {
        const ServedBy predicted = model.predict(a, access, c);
        const Outcome o = model.access(a, access, c, memory.tables());
        EXPECT_EQ(predicted, o.by);
        if (o.by == ServedBy::walk) causes.insert(o.cause);
        by.insert(o.by);
        EXPECT_TRUE(o.by == ServedBy::walk || !o.fault);
        // Once served, the same access hits, unless a store has no place to be cached in.
        if (o.fault || stores_nothing) return;
        EXPECT_EQ(model.predict(a, access, c), ServedBy::first_level);
    }
    void flush_non_global(Cause cause, const mm::Control& c) { model.flush_non_global(cause, c); }
    void flush_all(Cause cause) {
        model.flush_all(cause);
        const Dropped again = model.flush_all(cause);
        EXPECT_EQ(again.instruction + again.data + again.second + again.pde, 0u);
    }
    void flush_page(Cause cause, mm::VirtAddr a) { model.flush_page(cause, a); }
    void flush_address(Cause cause, mm::VirtAddr a, const mm::Control& c) { model.flush_address(cause, a, c); }
    void flush_fault(Cause cause, mm::VirtAddr a, const mm::Control& c) { model.flush_fault(cause, a, c); }

    Reference model;
    const PagedMemory& memory;
    bool stores_nothing = false;
    std::set<Cause> causes;
    std::set<ServedBy> by;
};

std::vector<Cached> all_of(const NaiveLevel& level) {
    std::vector<Cached> all;
    level.each([&](bool, unsigned, unsigned, const Cached& e) { all.push_back(e); });
    return all;
}
unsigned overlaps(const std::vector<Cached>& a, const std::vector<Cached>& b) {
    unsigned n = 0;
    for (const Cached& x : a)
        for (const Cached& y : b) n += &x != &y && x.overlaps(y);
    return n;
}

TEST(ReferenceInvariants, NoAddressIsMappedTwiceInALevel) {
    std::set<Cause> causes;
    std::set<ServedBy> by;
    RandomGeometry geometry{tests::seed()};
    for (unsigned round = 0; round < 60; ++round) {
        const mm::MmuGeometry g = geometry();
        SCOPED_TRACE(describe(g));
        RandomMachine machine{{.pae = round % 2 == 1, .slots = 3 + round % 5, .pages = 6 + round % 3 * 20, .stride = 1 + round % 2 * 4}, tests::seed() + round};
        std::vector<Driven> models(1, Driven{g, machine.memory});
        Driven& driven = models.front();
        // A unified second level may hold a page in a form that this side's first level has no place for, or the stores' first level none.
        driven.stores_nothing = (g.second_unified && g.instruction.holds_large() != g.data.holds_large()) ||
                                      (g.second_unified && !g.data.holds_large()) || (g.loads_only && !g.second_data.holds_large());
        for (unsigned i = 0; i < 4000; ++i) {
            machine.step(models);
            if (i % 16) continue;
            const auto data = all_of(driven.model.data()), second = all_of(driven.model.second_data());
            const auto instruction = all_of(driven.model.instruction()), second_instruction = all_of(driven.model.second_instruction());
            ASSERT_EQ(overlaps(data, data) + overlaps(second, second) + overlaps(instruction, instruction) + overlaps(second_instruction, second_instruction), 0u);
            const unsigned in_both = overlaps(data, second) + overlaps(instruction, second_instruction);
            ASSERT_TRUE(g.inclusion != mm::Inclusion::exclusive || in_both == 0);
            ASSERT_LE(data.size(), g.data.small.entries + g.data.large.entries);
        }
        const Counts i = driven.model.instruction_counts(), d = driven.model.data_counts();
        EXPECT_EQ(i.misses + d.misses, i.walks + d.walks + driven.model.second_hits());
        EXPECT_LE(i.misses, i.lookups);
        causes.insert(driven.causes.begin(), driven.causes.end());
        by.insert(driven.by.begin(), driven.by.end());
        if (HasFailure()) return;
    }
    EXPECT_EQ(causes.size(), 12u) << "every cause comes up";
    EXPECT_EQ(by.size(), 3u);
}

}  // namespace
