// SPDX-License-Identifier: LGPL-2.1-or-later
// Pages on their way out of an address space and back, where space_test.cpp's random run does not come.
#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "tests/guest/fake_process_machine.hpp"
#include "tests/guest/machine.hpp"

namespace guest_test {
namespace {

using mm::AccessKind;
using mm::VirtAddr;

constexpr uint32_t pages = 10;

template <class F>
class SpaceSwapTest : public testing::Test {
protected:
    using Machine = FakeMachine<F>;
    using Tables = typename Machine::Tables;

    SpaceSwapTest() {
        zones.add(ranges({range(256, end)}));
        EXPECT_TRUE(space.create());
        EXPECT_EQ(space.add_region(pages * mm::page_size, start), RegionStatus::done);
        for (uint32_t i = 0; i < pages; ++i) {
            EXPECT_EQ(space.resolve(page(i), AccessKind::write, false), FaultStatus::resolved);
            mm::Pfn frame;
            EXPECT_TRUE(space.frame_of(page(i), frame));
            kernel.frames.at(frame.raw).word = i;
        }
    }
    ~SpaceSwapTest() override {
        space.destroy();
        EXPECT_TRUE(kernel.frames.empty());
        EXPECT_TRUE(kernel.swapped.empty());
        EXPECT_TRUE(kernel.tables.empty());
    }

    VirtAddr page(uint32_t i) const { return VirtAddr{start + i * mm::page_size}; }

    // As the processor does when a program uses the page.
    void access(uint32_t i) {
        Mapper<F, Tables> edit{RootTables<F>::root(Tables{&kernel}, space.cr3()), Tables{&kernel}};
        edit.change_range(page(i), page(i + 1), [](VirtAddr, mm::Entry<F> pte) { return pte.with(mm::entry_bit::accessed); });
    }

    // Swaps out up to `room` pages; which.
    std::set<uint32_t> swap_out(unsigned room) {
        UnusedPage found[pages];
        std::set<uint32_t> gone;
        const unsigned count = space.find_unused(found, room);
        for (unsigned i = 0; i < count; ++i) {
            space.swap_out(found[i], kernel.write_out(found[i].frame));
            gone.insert((found[i].at.raw - start) / mm::page_size);
        }
        return gone;
    }

    static constexpr uint32_t end = 2048;
    struct Free { void operator()(char* p) const { std::free(p); } };
    std::unique_ptr<char, Free> arena{static_cast<char*>(std::aligned_alloc(4096, size_t{end} * 4096))};
    PageMap map{end};
    Zonelist zones{classic(mm::Split::u3k1), pc_ram(end), map.table()};
    Kmalloc kmalloc{zones, arena.get()};
    FakeKernel kernel;
    Space<Machine> space{kmalloc, Machine{&kernel}};
    uint32_t start = 0;
};

using Formats = testing::Types<mm::Classic, mm::Pae>;
TYPED_TEST_SUITE(SpaceSwapTest, Formats);

using Indices = std::set<uint32_t>;

TYPED_TEST(SpaceSwapTest, AccessedPagesHaveASecondChance) {
    for (uint32_t i = 0; i < pages; i += 2) this->access(i);
    EXPECT_EQ(this->swap_out(3), (Indices{1, 3, 5}));
    EXPECT_EQ(this->swap_out(pages), (Indices{0, 2, 4, 7, 9})) << "the search went on where it had ended";
    EXPECT_EQ(this->swap_out(pages), (Indices{6, 8})) << "and cleared the bits that it passed";
    EXPECT_EQ(this->space.resident(), 0u);
    EXPECT_EQ(this->space.swapped(), pages);
    EXPECT_EQ(this->swap_out(pages), Indices{});
}

TYPED_TEST(SpaceSwapTest, SharedPagesStay) {
    Space<typename TestFixture::Machine> child{this->kmalloc, typename TestFixture::Machine{&this->kernel}};
    EXPECT_EQ(this->swap_out(4).size(), 4u);
    ASSERT_TRUE(child.fork(this->space));
    EXPECT_EQ(child.swapped(), 4u);
    EXPECT_EQ(this->swap_out(pages), Indices{}) << "each has a second user";
    ASSERT_EQ(child.resolve(this->page(0), AccessKind::write, false), FaultStatus::resolved);
    EXPECT_EQ(child.swapped(), 3u);
    EXPECT_EQ(this->space.swapped(), 4u) << "the page is still in swap for the other";
    child.destroy();
    EXPECT_EQ(this->swap_out(pages).size(), pages - 4);
}

TYPED_TEST(SpaceSwapTest, APageThatIsLostStaysInSwap) {
    EXPECT_EQ(this->swap_out(pages).size(), pages);
    this->kernel.while_reading = [] { return FaultStatus::lost; };
    EXPECT_EQ(this->space.resolve(this->page(3), AccessKind::read, false), FaultStatus::lost);
    EXPECT_EQ(this->space.swapped(), pages);
    EXPECT_TRUE(this->kernel.frames.empty()) << "the page for it was given back";
    this->kernel.while_reading = [] { return FaultStatus::no_memory; };
    EXPECT_EQ(this->space.resolve(this->page(3), AccessKind::read, false), FaultStatus::no_memory) << "it is still on the disk";
    EXPECT_EQ(this->space.swapped(), pages);
    this->kernel.while_reading = [] { return FaultStatus::resolved; };
    EXPECT_EQ(this->space.resolve(this->page(3), AccessKind::read, false), FaultStatus::resolved);
    this->kernel.frames_left = 0;
    EXPECT_EQ(this->space.resolve(this->page(4), AccessKind::read, false), FaultStatus::no_memory);
    EXPECT_EQ(this->space.swapped(), pages - 1);
}

TYPED_TEST(SpaceSwapTest, AThreadMayUnmapThePageMeanwhile) {
    EXPECT_EQ(this->swap_out(pages).size(), pages);
    this->kernel.while_reading = [this] {
        EXPECT_EQ(this->space.remove_region(this->page(3).raw, mm::page_size), RegionStatus::done);
        return FaultStatus::resolved;
    };
    EXPECT_EQ(this->space.resolve(this->page(3), AccessKind::read, false), FaultStatus::resolved) << "the next fault tells";
    EXPECT_EQ(this->space.resolve(this->page(3), AccessKind::read, false), FaultStatus::no_region);
    EXPECT_EQ(this->space.swapped(), pages - 1);
    EXPECT_EQ(this->space.resident(), 0u);
}

TYPED_TEST(SpaceSwapTest, AThreadMayBringThePageInMeanwhile) {
    EXPECT_EQ(this->swap_out(pages).size(), pages);
    bool nested = false;
    this->kernel.while_reading = [&] {
        if (!nested) {
            nested = true;
            EXPECT_EQ(this->space.resolve(this->page(3), AccessKind::write, false), FaultStatus::resolved);
        }
        return FaultStatus::resolved;
    };
    EXPECT_EQ(this->space.resolve(this->page(3), AccessKind::read, false), FaultStatus::resolved);
    EXPECT_EQ(this->space.resident(), 1u);
    EXPECT_EQ(this->kernel.frames.size(), 1u) << "the second copy was given back";
    EXPECT_EQ(this->kernel.frames.begin()->second.word, 3u);
}

TYPED_TEST(SpaceSwapTest, ProtectionAppliesWhenThePageComesBack) {
    EXPECT_EQ(this->swap_out(pages).size(), pages);
    EXPECT_EQ(this->space.protect_region(this->page(2).raw, mm::page_size, false, false), RegionStatus::done);
    EXPECT_EQ(this->space.resolve(this->page(2), AccessKind::write, false), FaultStatus::no_permission);
    EXPECT_EQ(this->space.resolve(this->page(2), AccessKind::read, false), FaultStatus::resolved);
    mm::Pfn frame;
    EXPECT_TRUE(this->space.frame_of(this->page(2), frame));
    EXPECT_FALSE(this->space.frame_of(this->page(2), frame, AccessKind::write));
}

}  // namespace
}  // namespace guest_test
