// SPDX-License-Identifier: LGPL-2.1-or-later
// Address spaces against a naive map of pages: random operations in several spaces that fork from each other, with and
// without enough memory. A TLB that forgets nothing by itself shows each missing flush.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/guest/space_fixture.hpp"

namespace guest_test {
namespace {

TYPED_TEST_SUITE(SpaceTest, Formats);

TYPED_TEST(SpaceTest, TheLastUserKeepsASharedPage) {
    typename TestFixture::TestSpace parent{this->kmalloc, this->machine}, child{this->kmalloc, this->machine};
    uint32_t start = 0, word = 7;
    ASSERT_TRUE(parent.create());
    ASSERT_EQ(parent.add_region(page, start), RegionStatus::done);
    ASSERT_EQ(this->access(parent, start, AccessKind::write, word), FaultStatus::resolved);
    ASSERT_TRUE(child.fork(parent));
    EXPECT_EQ(this->kernel.frames.size(), 1u);
    word = 8;
    ASSERT_EQ(this->access(child, start, AccessKind::write, word), FaultStatus::resolved);
    EXPECT_EQ(this->kernel.frames.size(), 2u);
    ASSERT_EQ(this->access(parent, start, AccessKind::write, word), FaultStatus::resolved);
    EXPECT_EQ(this->kernel.frames.size(), 2u) << "nobody else has the parent's page any more";
    parent.destroy();
    child.destroy();
}

TYPED_TEST(SpaceTest, MappingsBeginAtTheBaseAndFillHoles) {
    typename TestFixture::TestSpace space{this->kmalloc, this->machine};
    constexpr uint32_t base = TestFixture::Machine::mmap_base;
    ASSERT_TRUE(space.create());
    uint32_t start = 0;
    for (uint32_t i = 0; i < 4; ++i) {
        ASSERT_EQ(space.add_region(2 * page, start), RegionStatus::done);
        EXPECT_EQ(start, base + i * 2 * page);
    }
    EXPECT_EQ(space.regions().size(), 1u) << "neighbours that are alike are one";
    ASSERT_EQ(space.remove_region(base + 2 * page, 2 * page), RegionStatus::done);
    EXPECT_EQ(space.remove_region(base, 8 * page), RegionStatus::not_there);
    ASSERT_EQ(space.add_region(3 * page, start), RegionStatus::done);
    EXPECT_EQ(start, base + 8 * page) << "the hole is too small";
    ASSERT_EQ(space.add_region(2 * page, start), RegionStatus::done);
    EXPECT_EQ(start, base + 2 * page);
    EXPECT_EQ(space.add_region(TestFixture::Machine::user_end, start), RegionStatus::no_room);
    EXPECT_EQ(space.add_region(page + 1, start), RegionStatus::bad_range);
    EXPECT_EQ(space.add_region_at({base, base + page, RegionKind::mmap, true, false}), RegionStatus::taken);
    EXPECT_EQ(space.add_region_at({0, page, RegionKind::mmap, true, false}), RegionStatus::bad_range);
    space.destroy();
}

// A process as a naive map: page -> what may be done with it and which word it holds.
struct Model {
    struct Page { bool write, execute; uint32_t word; };
    std::map<uint32_t, Page> pages;
    uint32_t heap_start = 0, heap_end = 0;

    bool whole(uint32_t start, uint32_t bytes) const {
        for (uint32_t at = start; at < start + bytes; at += page)
            if (!pages.count(at)) return false;
        return true;
    }
    void add(uint32_t start, uint32_t bytes) {
        for (uint32_t at = start; at < start + bytes; at += page) pages[at] = {true, false, 0};
    }
    void remove(uint32_t start, uint32_t bytes) {
        for (uint32_t at = start; at < start + bytes; at += page) pages.erase(at);
    }
};

template <class F>
class SpaceRun : public SpaceTest<F> {
protected:
    using Base = SpaceTest<F>;
    using Machine = typename Base::Machine;
    struct Process {
        std::unique_ptr<typename Base::TestSpace> space;
        Model model;
    };

    std::unique_ptr<typename Base::TestSpace> new_space() {
        return std::make_unique<typename Base::TestSpace>(this->kmalloc, this->machine);
    }

    void first() {
        processes.push_back({new_space(), {}});
        ASSERT_TRUE(processes[0].space->create());
        processes[0].space->start_heap(heap);
        processes[0].model.heap_start = processes[0].model.heap_end = heap;
    }

    void map_some(Process& p) {
        const uint32_t bytes = (1 + random.below(random.one_in(4) ? 700 : 8)) * page;
        uint32_t start = 0;
        const RegionStatus status = p.space->add_region(bytes, start);
        if (status != RegionStatus::done) {
            ASSERT_EQ(status, RegionStatus::no_room);
            return;
        }
        for (uint32_t at = start; at < start + bytes; at += page) ASSERT_FALSE(p.model.pages.count(at)) << "mapped twice";
        p.model.add(start, bytes);
    }
    void unmap_some(Process& p) {
        const auto [start, bytes] = some_range(p);
        const bool whole = p.model.whole(start, bytes);
        ASSERT_EQ(p.space->remove_region(start, bytes), whole ? RegionStatus::done : RegionStatus::not_there);
        if (whole) p.model.remove(start, bytes);
    }
    void protect_some(Process& p) {
        const auto [start, bytes] = some_range(p);
        const bool whole = p.model.whole(start, bytes), write = random.one_in(2), execute = random.one_in(2);
        ASSERT_EQ(p.space->protect_region(start, bytes, write, execute), whole ? RegionStatus::done : RegionStatus::not_there);
        for (uint32_t at = start; whole && at < start + bytes; at += page)
            p.model.pages[at].write = write, p.model.pages[at].execute = execute;
    }
    void move_break(Process& p) {
        Model& m = p.model;
        const uint32_t to = heap + random.below(200 * page), old_top = up(m.heap_end), top = up(to);
        if (top < old_top && !m.whole(top, old_top - top)) return;  // the program unmapped part of its heap
        ASSERT_EQ(p.space->move_break(to), RegionStatus::done);
        if (top > old_top) m.add(old_top, top - old_top);
        else m.remove(top, old_top - top);
        m.heap_end = to;
    }
    void touch_some(Process& p) {
        const uint32_t at = some_range(p).first;
        const auto kind = random.one_in(2) ? AccessKind::write : AccessKind::read;
        uint32_t word = ++this->written;
        const FaultStatus status = this->access(*p.space, at, kind, word);
        const auto modelled = p.model.pages.find(at);
        const bool there = modelled != p.model.pages.end();
        const bool allowed = there && (kind == AccessKind::read || modelled->second.write);
        const FaultStatus wanted = allowed ? FaultStatus::resolved : there ? FaultStatus::no_permission : FaultStatus::no_region;
        if (allowed && status == FaultStatus::no_memory) {
            ASSERT_TRUE(this->kernel.frames_left == 0 || this->kernel.tables_left == 0);
            return;
        }
        ASSERT_EQ(status, wanted) << std::hex << at;
        if (!allowed) return;
        if (kind == AccessKind::write) modelled->second.word = word;
        else EXPECT_EQ(word, modelled->second.word) << std::hex << at;
    }
    void swap_some(Process& p) {
        UnusedPage found[8];
        const unsigned count = p.space->find_unused(found, 1 + random.below(8));
        for (unsigned i = 0; i < count; ++i) p.space->swap_out(found[i], this->kernel.write_out(found[i].frame));
    }
    void fork_one(size_t index) {
        if (processes.size() == 5) return;
        Process child{new_space(), processes[index].model};
        const size_t tables = this->kernel.tables.size(), frames = this->kernel.frames.size();
        if (child.space->fork(*processes[index].space)) return processes.push_back(std::move(child)), void();
        EXPECT_EQ(this->kernel.tables.size(), tables) << "a fork that failed leaves nothing";
        EXPECT_EQ(this->kernel.frames.size(), frames);
    }
    void end_one(size_t index) {
        if (processes.size() == 1) return;
        processes[index].space->destroy();
        processes.erase(processes.begin() + static_cast<std::ptrdiff_t>(index));
    }

    void step() {
        const size_t index = random.below(static_cast<uint32_t>(processes.size()));
        Process& p = processes[index];
        const uint32_t dice = random.below(100);
        if (dice < 54) touch_some(p);
        else if (dice < 60) swap_some(p);
        else if (dice < 72) map_some(p);
        else if (dice < 84) unmap_some(p);
        else if (dice < 90) protect_some(p);
        else if (dice < 94) move_break(p);
        else if (dice < 97) fork_one(index);
        else end_one(index);
        this->expect_no_stale_lines();
    }
    void end_all() {
        for (Process& p : processes) p.space->destroy();
        EXPECT_TRUE(this->kernel.tables.empty()) << this->kernel.tables.size() << " page tables are left";
        EXPECT_TRUE(this->kernel.swapped.empty()) << this->kernel.swapped.size() << " pages are left in swap";
        EXPECT_TRUE(this->kernel.frames.empty()) << this->kernel.frames.size() << " pages are left";
    }

    // Mostly within a region, sometimes across its end.
    std::pair<uint32_t, uint32_t> some_range(const Process& p) {
        const uint32_t bytes = (1 + random.below(random.one_in(10) ? 300 : 4)) * page;
        if (p.model.pages.empty()) return {heap, bytes};
        auto at = p.model.pages.lower_bound(heap + random.below(Machine::user_end - heap));
        if (at == p.model.pages.end()) at = p.model.pages.begin();
        return {at->first, std::min(bytes, Machine::user_end - at->first)};
    }

    static constexpr uint32_t heap = 0x00100000;
    static uint32_t up(uint32_t at) { return static_cast<uint32_t>(mm::align_up(at, page)); }
    Random random;
    std::vector<Process> processes;
    uint32_t written = 0;
};

TYPED_TEST_SUITE(SpaceRun, Formats);

TYPED_TEST(SpaceRun, BehavesAsANaiveMapOfPages) {
    this->first();
    for (int i = 0; i < 20000 && !this->HasFatalFailure(); ++i) this->step();
    this->end_all();
}

// The same while now and then only a few pages or tables are left.
TYPED_TEST(SpaceRun, ShortagesChangeNothing) {
    this->first();
    for (int i = 0; i < 20000 && !this->HasFatalFailure(); ++i) {
        if (i % 50 == 0) {
            this->kernel.frames_left = this->random.one_in(2) ? static_cast<int>(this->random.below(4)) : -1;
            this->kernel.tables_left = this->random.one_in(2) ? static_cast<int>(this->random.below(4)) : -1;
        }
        this->step();
    }
    this->end_all();
}

}  // namespace
}  // namespace guest_test
