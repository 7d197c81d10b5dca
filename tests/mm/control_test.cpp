// SPDX-License-Identifier: LGPL-2.1-or-later
// Control registers and fault rules: paging modes (SDM vol. 3, 4.1.1) and every row of the access-rights rules (4.6).
#include <gtest/gtest.h>

#include "mm/fault.hpp"

namespace {

using namespace mm;

TEST(Control, PagingModeNeedsPgThenPaeThenLma) {
    EXPECT_EQ((Control{cr0_pe, 0, cr4_pae, efer_lma}.mode()), PagingMode::none);
    EXPECT_EQ((Control{cr0_pe | cr0_pg, 0, cr4_pse, 0}.mode()), PagingMode::classic);
    EXPECT_EQ((Control{cr0_pe | cr0_pg, 0, cr4_pae, efer_lme}.mode()), PagingMode::pae);
    EXPECT_EQ((Control{cr0_pe | cr0_pg, 0, cr4_pae, efer_lme | efer_lma}.mode()), PagingMode::long_mode);
}

TEST(Control, PaeHasLargePagesWithoutPse) {
    EXPECT_TRUE((Control{cr0_pg, 0, cr4_pae}.large_pages()));
    EXPECT_FALSE((Control{cr0_pg, 0, 0}.large_pages()));
}

TEST(Fault, ErrorCodeBitsAreTheManuals) {
    EXPECT_EQ((PageFaultCode{true, false, false, false, false}.encode()), 1u);
    EXPECT_EQ((PageFaultCode{false, true, false, false, false}.encode()), 2u);
    EXPECT_EQ((PageFaultCode{false, false, true, false, false}.encode()), 4u);
    EXPECT_EQ((PageFaultCode{false, false, false, true, false}.encode()), 8u);
    EXPECT_EQ((PageFaultCode{false, false, false, false, true}.encode()), 16u);
    for (uint32_t raw = 0; raw < 32; ++raw) EXPECT_EQ(PageFaultCode::decode(raw).encode(), raw);
}

TEST(Fault, AccessRights) {
    const Control wp{cr0_pg | cr0_wp, 0, 0}, no_wp{cr0_pg, 0, 0}, nx{cr0_pg | cr0_wp, 0, cr4_pae, efer_nxe};
    const Permissions kernel_ro{false, false, true, false}, user_ro{false, true, true, false}, user_rw{true, true, true, false},
        user_data{true, true, false, false};
    const Access user_read{AccessKind::read, true}, user_write{AccessKind::write, true}, user_fetch{AccessKind::execute, true};
    const Access kernel_write{AccessKind::write, false}, kernel_read{AccessKind::read, false};
    EXPECT_FALSE(allows(kernel_ro, user_read, wp));
    EXPECT_TRUE(allows(kernel_ro, kernel_read, wp));
    EXPECT_FALSE(allows(kernel_ro, kernel_write, wp));
    EXPECT_TRUE(allows(kernel_ro, kernel_write, no_wp));
    EXPECT_TRUE(allows(user_ro, user_read, wp));
    EXPECT_FALSE(allows(user_ro, user_write, no_wp)) << "CR0.WP does not concern ring 3";
    EXPECT_TRUE(allows(user_rw, user_write, wp));
    EXPECT_TRUE(allows(user_data, user_fetch, wp)) << "without NXE the bit means nothing";
    EXPECT_FALSE(allows(user_data, user_fetch, nx));
    EXPECT_TRUE(allows(user_rw, user_fetch, nx));
}

}  // namespace
