// SPDX-License-Identifier: LGPL-2.1-or-later
// The page-table editor in both formats, on tables in a small simulated memory.
#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <set>
#include <vector>

#include "guest-kernel/mm/map.hpp"
#include "guest-kernel/mm/root.hpp"

namespace guest {
namespace {

using mm::Pfn;
using mm::VirtAddr;

// Frames 1, 2, 3, ... hold tables; `limit` is how many there are. Knows which are handed out.
struct Tables {
    std::map<uint64_t, uint64_t> entries;
    std::set<uint32_t> live;
    uint32_t limit = 100, next = 1;
    unsigned stores = 0;
};

template <class F>
struct SimulatedMemory {
    Tables* tables;

    typename F::Raw load(mm::PhysAddr at) const {
        const auto entry = tables->entries.find(at.raw);
        return entry == tables->entries.end() ? 0 : static_cast<typename F::Raw>(entry->second);
    }
    void store(mm::PhysAddr at, typename F::Raw value) const {
        tables->entries[at.raw] = value;
        ++tables->stores;
    }
    bool allocate_table(Pfn& out) const {
        if (tables->live.size() == tables->limit) return false;
        tables->live.insert(tables->next);
        out = Pfn{tables->next++};
        return true;
    }
    struct Table {
        const SimulatedMemory* memory;
        mm::PhysAddr start;
        typename F::Raw load(unsigned index) const { return memory->load(start + index * sizeof(typename F::Raw)); }
        void store(unsigned index, typename F::Raw value) { memory->store(start + index * sizeof(typename F::Raw), value); }
    };
    Table open_table(Pfn table) const { return {this, mm::address(table)}; }
    Table open_second_table(Pfn table) const { return open_table(table); }
    void free_table(Pfn table) const { EXPECT_EQ(tables->live.erase(table.raw), 1u) << "freed twice: " << table.raw; }
};

template <class F>
class MapTest : public testing::Test {
protected:
    using Memory = SimulatedMemory<F>;
    using Edit = Mapper<F, Memory>;

    Edit new_root() {
        EXPECT_TRUE(RootTables<F>::create(memory, cr3));
        return {RootTables<F>::root(memory, cr3), memory};
    }

    Tables tables;
    Memory memory{&tables};
    uint32_t cr3 = 0;
};

using Formats = testing::Types<mm::Classic, mm::Pae>;
TYPED_TEST_SUITE(MapTest, Formats);

constexpr mm::Permissions user_page{true, true, true, false}, kernel_page{true, false, true, true};
constexpr VirtAddr somewhere{0x40001000};

TYPED_TEST(MapTest, MapsAndUnmapsOnePage) {
    auto mapper = this->new_root();
    EXPECT_FALSE(mapper.find(somewhere).translation.mapped());
    ASSERT_EQ(mapper.map(somewhere, Pfn{0x1234}, user_page), MapStatus::done);
    const mm::Translation t = mapper.find(somewhere).translation;
    EXPECT_EQ(t.frame.raw, 0x1234u);
    EXPECT_TRUE(t.permissions == user_page);
    EXPECT_FALSE(mapper.find(somewhere + mm::page_size).translation.mapped());

    EXPECT_EQ(mapper.map(somewhere, Pfn{0x999}, user_page), MapStatus::already_mapped);
    const Unmapped u = mapper.unmap(somewhere);
    EXPECT_TRUE(u.was_mapped);
    EXPECT_EQ(u.frame.raw, 0x1234u);
    EXPECT_FALSE(mapper.unmap(somewhere).was_mapped);
}

TYPED_TEST(MapTest, MapsALargePage) {
    auto mapper = this->new_root();
    ASSERT_EQ(mapper.map_large(VirtAddr{0xC0000000}, Pfn{0x400}, kernel_page), MapStatus::done);
    const mm::Translation t = mapper.find(VirtAddr{0xC0012345}).translation;
    EXPECT_EQ(t.frame.raw, 0x412u);
    EXPECT_EQ(t.shift, mm::directory_shift<TypeParam>);
    EXPECT_TRUE(t.permissions == kernel_page);
    EXPECT_EQ(mapper.map(VirtAddr{0xC0001000}, Pfn{1}, kernel_page), MapStatus::already_mapped);
    EXPECT_FALSE(mapper.unmap(VirtAddr{0xC0001000}).was_mapped) << "a large page is not taken apart";
    EXPECT_EQ(mapper.map_large(VirtAddr{0xC0000000}, Pfn{0x800}, kernel_page), MapStatus::already_mapped);
}

TYPED_TEST(MapTest, OneTableServesItsWholeSpan) {
    auto mapper = this->new_root();
    const size_t before = this->tables.live.size();
    const uint32_t span = mm::large_page_size<TypeParam>;
    for (uint32_t at = 0; at < span; at += mm::page_size)
        ASSERT_EQ(mapper.map(VirtAddr{0x40000000 + at}, Pfn{at >> mm::page_shift}, user_page), MapStatus::done);
    EXPECT_EQ(this->tables.live.size(), before + 1);
    ASSERT_EQ(mapper.map(VirtAddr{0x40000000 + span}, Pfn{1}, user_page), MapStatus::done);
    EXPECT_EQ(this->tables.live.size(), before + 2);
}

TYPED_TEST(MapTest, SaysWhenThereIsNoTable) {
    auto mapper = this->new_root();
    this->tables.limit = static_cast<uint32_t>(this->tables.live.size());
    const unsigned stores = this->tables.stores;
    EXPECT_EQ(mapper.map(somewhere, Pfn{1}, user_page), MapStatus::no_memory);
    EXPECT_EQ(this->tables.stores, stores) << "nothing changed";
}

TYPED_TEST(MapTest, ARootThatDoesNotFitLeavesNothingBehind) {
    for (this->tables.limit = 0;; ++this->tables.limit) {
        uint32_t cr3 = 0;
        if (RootTables<TypeParam>::create(this->memory, cr3)) {
            RootTables<TypeParam>::destroy(this->memory, cr3);
            break;
        }
        EXPECT_TRUE(this->tables.live.empty()) << "with " << this->tables.limit << " frames";
        this->tables.entries.clear();
    }
    EXPECT_TRUE(this->tables.live.empty());
}

TYPED_TEST(MapTest, UnmapsARangeAcrossTablesAndHoles) {
    auto mapper = this->new_root();
    const uint32_t span = mm::large_page_size<TypeParam>;
    const VirtAddr mapped[] = {VirtAddr{0x40000000}, VirtAddr{0x40000000 + span - mm::page_size},
                               VirtAddr{0x40000000 + 3 * span}, VirtAddr{0x40000000 + 5 * span}};
    for (VirtAddr at : mapped) ASSERT_EQ(mapper.map(at, Pfn{at.raw >> 12}, user_page), MapStatus::done);

    std::vector<uint32_t> freed;
    mapper.unmap_range(mapped[0], mapped[3], [&](VirtAddr at, mm::Entry<TypeParam> pte) {
        EXPECT_EQ(at.raw >> 12, pte.frame().raw);
        freed.push_back(at.raw);
    });
    EXPECT_EQ(freed, (std::vector<uint32_t>{mapped[0].raw, mapped[1].raw, mapped[2].raw}));
    EXPECT_TRUE(mapper.find(mapped[3]).translation.mapped()) << "the end is exclusive";
}

TYPED_TEST(MapTest, SharesTheUpperPartOfARoot) {
    auto kernel = this->new_root();
    const uint32_t kernel_cr3 = this->cr3;
    ASSERT_EQ(kernel.map_large(VirtAddr{0xC0000000}, Pfn{0}, kernel_page), MapStatus::done);
    ASSERT_EQ(kernel.map(VirtAddr{0xFFFFE000}, Pfn{7}, kernel_page), MapStatus::done);
    ASSERT_EQ(kernel.map(somewhere, Pfn{8}, user_page), MapStatus::done);

    auto process = this->new_root();
    process.share(RootTables<TypeParam>::root(this->memory, kernel_cr3), VirtAddr{0xC0000000});
    EXPECT_TRUE(process.find(VirtAddr{0xC0000000}).pde == kernel.find(VirtAddr{0xC0000000}).pde);
    EXPECT_EQ(process.find(VirtAddr{0xFFFFE000}).translation.frame.raw, 7u);
    EXPECT_FALSE(process.find(somewhere).translation.mapped());
    ASSERT_EQ(kernel.map(VirtAddr{0xFFFFD000}, Pfn{9}, kernel_page), MapStatus::done);
    EXPECT_EQ(process.find(VirtAddr{0xFFFFD000}).translation.frame.raw, 9u) << "the table itself is shared";
}

TYPED_TEST(MapTest, RemovesOnlyTablesThatServeNothingElse) {
    auto mapper = this->new_root();
    const uint32_t span = mm::large_page_size<TypeParam>, first = 0x40000000;
    for (uint32_t table = 0; table < 3; ++table)
        ASSERT_EQ(mapper.map(VirtAddr{first + table * span}, Pfn{table + 1}, user_page), MapStatus::done);
    std::vector<uint32_t> freed;
    const auto free = [&](Pfn table) { freed.push_back(table.raw), this->memory.free_table(table); };
    mapper.remove_tables(VirtAddr{first + mm::page_size}, VirtAddr{first + 3 * span - mm::page_size}, free);
    EXPECT_EQ(freed.size(), 1u) << "those at the ends serve addresses outside the range";
    EXPECT_TRUE(mapper.find(VirtAddr{first}).translation.mapped());
    EXPECT_FALSE(mapper.find(VirtAddr{first + span}).translation.mapped());
    EXPECT_TRUE(mapper.find(VirtAddr{first + 2 * span}).translation.mapped());
}

TYPED_TEST(MapTest, CopiesARangeIntoAnotherRoot) {
    auto from = this->new_root();
    auto to = this->new_root();
    const uint32_t span = mm::large_page_size<TypeParam>;
    const VirtAddr pages[] = {VirtAddr{0x40000000}, VirtAddr{0x40000000 + span}, VirtAddr{0x40000000 + 2 * span}};
    for (VirtAddr at : pages) ASSERT_EQ(from.map(at, Pfn{at.raw >> 12}, user_page), MapStatus::done);
    const auto read_only = [](VirtAddr, mm::Entry<TypeParam> pte) { return pte.without(mm::entry_bit::writable); };
    ASSERT_TRUE(from.copy_range(to, pages[0], pages[2], read_only));
    for (VirtAddr at : pages) {
        const bool inside = at < pages[2];
        EXPECT_EQ(to.find(at).translation.mapped(), inside);
        EXPECT_EQ(from.find(at).translation.permissions.write, !inside);
        if (inside) {
            EXPECT_EQ(to.find(at).pte.raw, from.find(at).pte.raw);
        }
    }

    this->tables.limit = static_cast<uint32_t>(this->tables.live.size());
    EXPECT_FALSE(from.copy_range(to, pages[2], pages[2] + mm::page_size, read_only)) << "no memory for its table";
    EXPECT_TRUE(from.find(pages[2]).translation.permissions.write) << "and nothing changed";
}

TYPED_TEST(MapTest, RemovesTables) {
    auto mapper = this->new_root();
    const uint32_t root = this->cr3;
    ASSERT_EQ(mapper.map(somewhere, Pfn{1}, user_page), MapStatus::done);
    ASSERT_EQ(mapper.map(VirtAddr{0x7FFFF000}, Pfn{2}, user_page), MapStatus::done);
    ASSERT_EQ(mapper.map(VirtAddr{0x80000000}, Pfn{3}, user_page), MapStatus::done);
    ASSERT_EQ(mapper.map_large(VirtAddr{0}, Pfn{0}, kernel_page), MapStatus::done);
    const auto free = [this](Pfn table) { this->memory.free_table(table); };
    const size_t before = this->tables.live.size();
    mapper.remove_tables({}, VirtAddr{0x80000000}, free);
    EXPECT_EQ(this->tables.live.size(), before - 2) << "the end is exclusive, a large page is no table";
    EXPECT_FALSE(mapper.find(somewhere).translation.mapped());
    EXPECT_TRUE(mapper.find(VirtAddr{0x80000000}).translation.mapped());
    mapper.remove_tables({}, VirtAddr{0xC0000000}, free);
    RootTables<TypeParam>::destroy(this->memory, root);
    EXPECT_TRUE(this->tables.live.empty());
}

}  // namespace
}  // namespace guest
