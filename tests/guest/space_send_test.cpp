// SPDX-License-Identifier: LGPL-2.1-or-later
// Pages handed from one address space to another, against a naive map of what each page holds: random writes, reads and
// hand-overs, with and without enough memory.
#include <array>
#include <vector>

#include "guest-kernel/mm/space_send.hpp"
#include "tests/guest/space_fixture.hpp"

namespace guest_test {
namespace {

constexpr uint32_t space_count = 3, page_count = 12;

template <class F>
class SpaceSendTest : public SpaceTest<F> {
protected:
    using TestSpace = typename SpaceTest<F>::TestSpace;

    SpaceSendTest() {
        for (uint32_t i = 0; i < space_count; ++i) {
            spaces.push_back(std::make_unique<TestSpace>(this->kmalloc, this->machine));
            EXPECT_TRUE(spaces[i]->create());
            EXPECT_EQ(spaces[i]->add_region(page_count * page, start), RegionStatus::done);
        }
    }
    ~SpaceSendTest() override {
        for (auto& space : spaces) space->destroy();
        EXPECT_TRUE(this->kernel.frames.empty()) << "every frame came back";
        EXPECT_TRUE(this->kernel.tables.empty()) << "every table came back";
    }

    uint32_t at(uint32_t index) const { return start + index * page; }

    FaultStatus send(uint32_t from, uint32_t index, uint32_t to, uint32_t to_index, Handover how) {
        return spaces[from]->send_page(VirtAddr{at(index)}, *spaces[to], VirtAddr{at(to_index)}, how);
    }
    void expect(uint32_t space, uint32_t index, uint32_t wanted) {
        uint32_t word = ~wanted;
        EXPECT_EQ(this->access(*spaces[space], at(index), AccessKind::read, word), FaultStatus::resolved);
        EXPECT_EQ(word, wanted) << "space " << space << ", page " << index;
    }
    void write(uint32_t space, uint32_t index, uint32_t word) {
        EXPECT_EQ(this->access(*spaces[space], at(index), AccessKind::write, word), FaultStatus::resolved);
    }

    std::vector<std::unique_ptr<TestSpace>> spaces;
    uint32_t start = 0;
};

TYPED_TEST_SUITE(SpaceSendTest, Formats);

TYPED_TEST(SpaceSendTest, ASharedPageIsCopiedByWhoWritesFirst) {
    this->write(0, 0, 5);
    this->write(1, 1, 6);
    ASSERT_EQ(this->send(0, 0, 1, 1, Handover::share), FaultStatus::resolved);
    EXPECT_EQ(this->kernel.frames.size(), 1u) << "what was there is gone";
    this->expect(1, 1, 5);
    this->write(0, 0, 7);
    EXPECT_EQ(this->kernel.frames.size(), 2u);
    this->expect(1, 1, 5);
    this->expect(0, 0, 7);
}

TYPED_TEST(SpaceSendTest, AGrantedPageMovesAndStaysWritable) {
    this->write(0, 0, 5);
    ASSERT_EQ(this->send(0, 0, 1, 1, Handover::grant), FaultStatus::resolved);
    mm::Pfn frame;
    EXPECT_FALSE(this->spaces[0]->frame_of(VirtAddr{this->at(0)}, frame));
    EXPECT_TRUE(this->spaces[1]->frame_of(VirtAddr{this->at(1)}, frame, AccessKind::write)) << "no fault at the first write";
    this->expect(1, 1, 5);
    this->expect(0, 0, 0);
    EXPECT_EQ(this->spaces[0]->resident(), 1u);
    EXPECT_EQ(this->spaces[1]->resident(), 1u);
}

TYPED_TEST(SpaceSendTest, OnlyToAndFromRegionsThatAllowIt) {
    ASSERT_EQ(this->spaces[1]->protect_region(this->at(1), page, false, false), RegionStatus::done);
    EXPECT_EQ(this->send(0, 0, 1, 1, Handover::share), FaultStatus::no_permission);
    EXPECT_EQ(this->send(1, 1, 0, 0, Handover::grant), FaultStatus::no_permission);
    EXPECT_EQ(this->send(1, 1, 0, 0, Handover::share), FaultStatus::resolved);
    EXPECT_EQ(this->send(0, page_count, 1, 0, Handover::share), FaultStatus::no_region);
    EXPECT_EQ(this->send(0, 0, 1, page_count, Handover::share), FaultStatus::no_region);
}

TYPED_TEST(SpaceSendTest, RandomHandoversAgainstANaiveMap) {
    Random random;
    std::array<std::array<uint32_t, page_count>, space_count> held{};
    uint32_t refused = 0;
    for (int step = 0; step < 20000; ++step) {
        const uint32_t s = random.below(space_count), i = random.below(page_count);
        const uint32_t to = (s + 1 + random.below(space_count - 1)) % space_count, j = random.below(page_count);
        if (random.one_in(3)) {
            this->write(s, i, held[s][i] = random.below(1u << 30));
        } else if (random.one_in(2)) {
            this->expect(s, i, held[s][i]);
        } else {
            const Handover how = random.one_in(2) ? Handover::grant : Handover::share;
            this->kernel.frames_left = random.one_in(4) ? 0 : -1;
            const FaultStatus status = this->send(s, i, to, j, how);
            this->kernel.frames_left = -1;
            if (status == FaultStatus::no_memory) {
                ++refused;
                continue;
            }
            ASSERT_EQ(status, FaultStatus::resolved);
            held[to][j] = held[s][i];
            if (how == Handover::grant) held[s][i] = 0;
        }
        this->expect_no_stale_lines();
    }
    EXPECT_GT(refused, 0u);
    for (uint32_t s = 0; s < space_count; ++s)
        for (uint32_t i = 0; i < page_count; ++i) this->expect(s, i, held[s][i]);
}

}  // namespace
}  // namespace guest_test
