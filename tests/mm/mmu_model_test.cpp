// SPDX-License-Identifier: LGPL-2.1-or-later
// The P6 model against a slow, separately written one: hits, walks, causes and what each flush drops, step for step.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "../seed.hpp"
#include "mm/mmu_model.hpp"

namespace {

using namespace mm;

struct DroppedPages {
    std::unordered_map<uint64_t, RefillCause> map;
    void put(uint64_t key, RefillCause cause) { map.try_emplace(key, cause); }
    RefillCause take(uint64_t key) {
        const auto it = map.find(key);
        if (it == map.end()) return RefillCause::first_touch;
        const RefillCause cause = it->second;
        return map.erase(it), cause;
    }
};

// Every translation ever cached is a row; being in the TLB is a flag; ages are positions in one vector.
class SlowModel {
public:
    struct Result { bool hit; RefillCause cause; };

    Result access(uint32_t a, const Translation& t, AccessKind kind) {
        const bool code = kind == AccessKind::execute, large = t.shift != 12;
        const uint32_t page = a >> t.shift, frame = t.frame.raw & ~((1u << (t.shift - 12)) - 1);
        for (Row& r : rows_)
            if (r.in && r.code == code && r.a_page(a) && r.perm.write >= (kind == AccessKind::write)) {
                r.age = ++clock_;
                return {true, RefillCause::first_touch};
            }
        ++clock_;
        for (Row& r : rows_)  // a page is cached once, in one size
            if (r.in && r.code == code && r.a_page(a)) r.in = false, r.cause = RefillCause::first_touch;
        Row* row = nullptr;
        for (Row& r : rows_)
            if (r.code == code && r.large == large && r.page == page && r.frame == frame) row = &r;
        if (!row) rows_.push_back({code, large, page, frame, false, RefillCause::first_touch, 0, {}}), row = &rows_.back();
        const RefillCause cause = row->cause;
        const unsigned ways = code ? (large ? 2 : 4) : 4, sets = code ? (large ? 1 : 8) : (large ? 2 : 16);
        std::vector<Row*> set;
        for (Row& r : rows_)
            if (r.in && r.code == code && r.large == large && r.page % sets == page % sets) set.push_back(&r);
        if (set.size() == ways) {
            Row* oldest = *std::min_element(set.begin(), set.end(), [](Row* x, Row* y) { return x->age < y->age; });
            oldest->in = false, oldest->cause = RefillCause::first_touch;
        }
        row->in = true, row->age = clock_, row->perm = t.permissions, row->cause = RefillCause::first_touch;
        return {false, cause};
    }
    template <class Which> Dropped drop(RefillCause cause, Which&& which) {
        Dropped d;
        for (Row& r : rows_)
            if (r.in && which(r)) r.in = false, r.cause = cause, ++(r.code ? d.instruction : d.data);
        return d;
    }
    struct Row {
        bool code, large;
        uint32_t page, frame;
        bool in;
        RefillCause cause;
        uint64_t age;
        Permissions perm;
        bool a_page(uint32_t a) const { return a >> (large ? 22 : 12) == page; }
    };

private:
    std::vector<Row> rows_;
    uint64_t clock_ = 0;
};

// Linear addresses below 64 pages are small user pages (another frame per address space); above, kernel pages.
Translation translate(uint32_t a, unsigned space, bool writable) {
    if (a >= 0xC0000000) return {WalkStatus::mapped, Pfn{(a - 0xC0000000) >> 12}, 22, {true, false, true, true}};
    if (a >= 0x80000000) return {WalkStatus::mapped, Pfn{a >> 12 & 0xFFF}, 12, {true, false, true, true}};
    return {WalkStatus::mapped, Pfn{space * 0x1000 + (a >> 12)}, 12, {writable, true, true, false}};
}

TEST(MmuModel, P6AgreesWithTheSlowModel) {
    std::mt19937_64 random{tests::seed()};
    std::vector<TlbEntry> storage(storage_entries(*find_geometry("p6")));
    DroppedPages pages;
    MmuModel<DroppedPages> model{*find_geometry("p6"), storage.data(), 22, pages};
    SlowModel slow;
    const Control control{cr0_pg | cr0_pe | cr0_wp, 0, cr4_pse | cr4_pge};
    unsigned space = 0;
    uint64_t lookups[2] = {}, walks[2] = {};
    std::map<RefillCause, unsigned> causes;
    for (int i = 0; i < 60000; ++i) {
        const unsigned what = static_cast<unsigned>(random() % 200);
        const uint32_t pick = static_cast<uint32_t>(random());
        const uint32_t a = pick % 3 == 0 ? 0xC0000000 + (pick >> 8) % 12 * 0x400000 + pick % 0x400000
                         : pick % 3 == 1 ? 0x80000000 + (pick >> 8) % 24 * 0x1000 : 0x1000 + (pick >> 8) % 90 * 0x1000;
        if (what == 0) {
            space = (space + 1) % 3;
            const RefillCause cause = random() % 2 ? RefillCause::context_switch : RefillCause::split_switch;
            const Dropped d = model.flush_non_global(cause, control), e = slow.drop(cause, [](auto& r) { return !r.perm.global; });
            ASSERT_EQ(d.instruction, e.instruction);
            ASSERT_EQ(d.data, e.data);
        } else if (what < 4) {
            const Dropped d = model.flush_page(VirtAddr{a}, RefillCause::invlpg), e = slow.drop(RefillCause::invlpg, [&](auto& r) { return r.a_page(a); });
            ASSERT_EQ(d.total(), e.total());
        } else if (what == 4 && random() % 4 == 0) {
            ASSERT_EQ(model.flush_all(RefillCause::control).total(), slow.drop(RefillCause::control, [](auto&) { return true; }).total());
        } else {
            const AccessKind kind = what % 4 == 0 ? AccessKind::execute : what % 4 == 1 ? AccessKind::write : AccessKind::read;
            // A page is read-only until its first write in this space makes the walk return a writable one.
            const Translation t = translate(a, space, kind == AccessKind::write);
            const bool code = kind == AccessKind::execute;
            ++lookups[code];
            const bool hit = model.look_up(VirtAddr{a}, {kind, false}, control) != nullptr;
            const RefillCause cause = hit ? RefillCause::first_touch : model.fill(VirtAddr{a}, t, kind);
            const SlowModel::Result expected = slow.access(a, t, kind);
            ASSERT_EQ(hit, expected.hit) << "access " << i << " to " << std::hex << a;
            if (!hit) {
                ASSERT_EQ(name(cause), name(expected.cause)) << "access " << i << " to " << std::hex << a;
                ++walks[code], ++causes[cause];
            }
        }
    }
    EXPECT_TRUE(model.check());
    EXPECT_EQ(model.counts(AccessKind::execute).lookups, lookups[1]);
    EXPECT_EQ(model.counts(AccessKind::execute).walks, walks[1]);
    EXPECT_EQ(model.counts(AccessKind::read).lookups, lookups[0]);
    EXPECT_EQ(model.counts(AccessKind::write).walks, walks[0]);
    for (RefillCause c : {RefillCause::first_touch, RefillCause::context_switch, RefillCause::split_switch, RefillCause::invlpg, RefillCause::control})
        EXPECT_GT(causes[c], 0u) << name(c);
}

TEST(MmuModel, WithoutPgeACr3WriteDropsGlobalPagesToo) {
    std::vector<TlbEntry> storage(storage_entries(*find_geometry("p6")));
    DroppedPages pages;
    MmuModel<DroppedPages> model{*find_geometry("p6"), storage.data(), 22, pages};
    model.fill(VirtAddr{0xC0000000}, translate(0xC0000000, 0, true), AccessKind::read);
    EXPECT_EQ(model.flush_non_global(RefillCause::context_switch, Control{cr0_pg, 0, cr4_pse}).data, 1u);
}

TEST(MmuModel, AnEntryThatForbidsTheAccessIsNoHit) {
    std::vector<TlbEntry> storage(storage_entries(*find_geometry("p6")));
    DroppedPages pages;
    MmuModel<DroppedPages> model{*find_geometry("p6"), storage.data(), 22, pages};
    const Control c{cr0_pg | cr0_wp, 0, cr4_pse | cr4_pge};
    model.fill(VirtAddr{0x5000}, {WalkStatus::mapped, Pfn{5}, 12, {false, true, true, false}}, AccessKind::read);
    EXPECT_NE(model.look_up(VirtAddr{0x5000}, {AccessKind::read, true}, c), nullptr);
    EXPECT_EQ(model.look_up(VirtAddr{0x5000}, {AccessKind::write, true}, c), nullptr);
    EXPECT_EQ(model.counts(AccessKind::read).walks, 1u);
}

}  // namespace
