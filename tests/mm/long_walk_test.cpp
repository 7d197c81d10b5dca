// SPDX-License-Identifier: LGPL-2.1-or-later
// The walk of long mode: random tables of four and of five levels, against a translation written from the SDM's text.
#include <gtest/gtest.h>

#include <vector>

#include "../seed.hpp"
#include "mm/fault.hpp"
#include "mm/long_walk.hpp"

namespace {

using namespace mm;

constexpr uint64_t no_execute = uint64_t{1} << 63;
constexpr Control four_levels{cr0_pg | cr0_pe | cr0_wp, 0, cr4_pae | cr4_pge, efer_lme | efer_lma | efer_nxe, 40};

Control with_levels(unsigned levels) {
    Control c = four_levels;
    if (levels == 5) c.cr4 |= cr4_la57;
    return c;
}

// 64 frames of tables. Entries lead to tables in frames 1 to 63, or map large pages.
class Tables {
public:
    explicit Tables(std::mt19937_64& random) {
        for (uint64_t& entry : entries_) {
            const uint64_t r = random();
            entry = (r >> 8 & 0x166) | ((r >> 20) % 63 + 1) << 12 | (r % 7 != 0) | ((r >> 50) % 4 == 0 ? no_execute : 0);
            if ((r >> 54) % 6 == 0) entry = (entry & (no_execute | 0x167)) | 0x80 | (r & 0xFF'C000'0000);  // aligned for both sizes
        }
    }
    uint64_t load(PhysAddr at) const { return entries_.at(at.raw / 8); }

private:
    std::vector<uint64_t> entries_ = std::vector<uint64_t>(64 * 512);
};

class LongWalkLevels : public testing::TestWithParam<unsigned> {};

// A linear address is the concatenation of indexes of nine bits and an offset (figure 4-8 and its like); bits above the highest index decide nothing.
TEST_P(LongWalkLevels, AgreesWithTheManualOnRandomTables) {
    std::mt19937_64 random{tests::seed()};
    const Tables tables{random};
    const unsigned levels = GetParam();
    const Control control = with_levels(levels);
    unsigned mapped[4] = {}, absent = 0, reserved = 0;
    for (int i = 0; i < 50000; ++i) {
        const uint64_t linear = random();
        const LongWalk w = long_walk(PhysAddr{0x1000}, linear, control, [&](PhysAddr at) { return tables.load(at); });

        uint64_t table = 0x1000;
        bool write = true, user = true, execute = true;
        unsigned level = levels;
        for (unsigned n = 0; level > 0; ++n) {
            --level;
            const uint64_t at = table + 8 * (linear >> (12 + 9 * level) & 0x1FF), entry = tables.load(PhysAddr{at});
            ASSERT_EQ(w.at[n].raw, at);
            ASSERT_EQ(w.entry[n], entry);
            ASSERT_LT(n, w.reads);
            const bool is_last = !(entry & 1) || level == 0 || (entry & 0x80);
            if (entry & 1) write &= (entry & 2) != 0, user &= (entry & 4) != 0, execute &= !(entry & no_execute);
            if (!is_last) {
                table = entry & 0xFF'FFFF'F000;
                continue;
            }
            ASSERT_EQ(w.reads, n + 1);
            if (!(entry & 1)) {
                ASSERT_EQ(w.translation.status, WalkStatus::not_present);
                ++absent;
            } else if (level > 2) {
                ASSERT_EQ(w.translation.status, WalkStatus::reserved_bit) << "PS in a PML4E or PML5E";
                ++reserved;
            } else {
                ASSERT_TRUE(w.translation.mapped());
                ASSERT_EQ(w.translation.shift, 12 + 9 * level);
                const uint64_t offset = linear & ((uint64_t{1} << (12 + 9 * level)) - 1);
                ASSERT_EQ(w.translation.frame.raw, ((entry & 0xFF'FFFF'F000) + offset) >> 12);
                ASSERT_EQ(w.translation.permissions, (Permissions{write, user, execute, (entry & 0x100) != 0}));
                ++mapped[level];
            }
            break;
        }
    }
    EXPECT_GT(mapped[0], 100u);
    EXPECT_GT(mapped[1], 100u);
    EXPECT_GT(mapped[2], 100u);
    EXPECT_GT(absent, 1000u);
    EXPECT_GT(reserved, 100u);
}
INSTANTIATE_TEST_SUITE_P(Levels, LongWalkLevels, testing::Values(4u, 5u));

LongWalk walk_with_last_entry(uint64_t entry, unsigned level, Control control = four_levels) {
    return long_walk(PhysAddr{0x1000}, 0, control, [&](PhysAddr at) { return at.raw == 0x1000 * (4 - level) ? entry : at.raw + 0x1007; });
}

TEST(LongWalk, ReservedBits) {
    const auto status = [](uint64_t entry, unsigned level, Control c = four_levels) { return walk_with_last_entry(entry, level, c).translation.status; };
    for (const unsigned level : {0u, 1u, 2u}) {
        const uint64_t large = level ? 0x83 : 3;
        EXPECT_EQ(status(large, level), WalkStatus::mapped);
        EXPECT_EQ(status(large | uint64_t{1} << 39, level), WalkStatus::mapped) << "the last bit of MAXPHYADDR";
        EXPECT_EQ(status(large | uint64_t{1} << 40, level), WalkStatus::reserved_bit);
        EXPECT_EQ(status(large | uint64_t{1} << 52, level), WalkStatus::mapped) << "ignored";
        EXPECT_EQ(status(large | no_execute, level), WalkStatus::mapped);
        Control no_nxe = four_levels;
        no_nxe.efer &= ~efer_nxe;
        EXPECT_EQ(status(large | no_execute, level, no_nxe), WalkStatus::reserved_bit);
    }
    EXPECT_EQ(status(0x83 | 1u << 12, 1), WalkStatus::mapped) << "PAT";
    EXPECT_EQ(status(0x83 | 1u << 13, 1), WalkStatus::reserved_bit);
    EXPECT_EQ(status(0x83 | 1u << 20, 1), WalkStatus::reserved_bit);
    EXPECT_EQ(status(0x83 | 1u << 21, 2), WalkStatus::reserved_bit);
    EXPECT_EQ(status(0x83 | 1u << 29, 2), WalkStatus::reserved_bit);
}

TEST(LongWalk, TheHalvesAreTheCanonicalOnes) {
    EXPECT_EQ(upper_half_start(4), 0xFFFF'8000'0000'0000u);
    EXPECT_EQ(lower_half_end(5), uint64_t{1} << 56);
    EXPECT_EQ(long_page_of(0xFFFF'FFFF'FFFF'FFFF), 0xF'FFFF'FFFF'FFFFu);
}

}  // namespace
