// SPDX-License-Identifier: LGPL-2.1-or-later
// Address kinds: their arithmetic, and that the senseless kinds of it do not compile.
#include <gtest/gtest.h>

#include <type_traits>

#include "mm/addr.hpp"

namespace {

using namespace mm;

template <class A, class B, class = void> struct can_add : std::false_type {};
template <class A, class B> struct can_add<A, B, std::void_t<decltype(std::declval<A>() + std::declval<B>())>> : std::true_type {};
template <class A, class B, class = void> struct can_compare : std::false_type {};
template <class A, class B> struct can_compare<A, B, std::void_t<decltype(std::declval<A>() == std::declval<B>())>> : std::true_type {};

TEST(Addr, SenselessOperationsDoNotCompile) {
    EXPECT_FALSE((can_add<Pfn, Pfn>::value));
    EXPECT_FALSE((can_add<Pfn, Vpn>::value));
    EXPECT_FALSE((can_add<PhysAddr, VirtAddr>::value));
    EXPECT_FALSE((can_compare<Pfn, Vpn>::value));
    EXPECT_FALSE((can_compare<PhysAddr, VirtAddr>::value));
    EXPECT_FALSE((std::is_convertible_v<uint32_t, Pfn>));
    EXPECT_FALSE((std::is_constructible_v<PhysAddr, VirtAddr>));
    EXPECT_TRUE((can_add<Pfn, Pages>::value));
    EXPECT_TRUE((can_compare<Pfn, Pfn>::value));
}

TEST(Addr, ConversionsKeepEveryBit) {
    EXPECT_EQ(address(Pfn{0x00FFFFFF}).raw, 0xFFFFFF000u);
    EXPECT_EQ(frame_of(PhysAddr{0xFFFFFFFFF}), Pfn{0xFFFFFF});
    EXPECT_EQ(address(page_of(VirtAddr{0xDEADBEEF})), VirtAddr{0xDEADB000});
    EXPECT_EQ(offset_in_page(VirtAddr{0xDEADBEEF}), 0xEEFu);
    EXPECT_EQ(offset_in_page(PhysAddr{0xF'DEAD'BEEF}), 0xEEFu);
}

TEST(Addr, PagesRoundAsTheirNamesSay) {
    EXPECT_EQ(pages_in(8191), Pages{1});
    EXPECT_EQ(pages_for(8191), Pages{2});
    EXPECT_EQ(pages_for(0), Pages{0});
    EXPECT_EQ(bytes(Pages{0x100000}), uint64_t{1} << 32);
    EXPECT_EQ(align_up(0x1001, 0x1000), 0x2000u);
    EXPECT_EQ(align_down(0x1FFF, 0x1000), 0x1000u);
}

}  // namespace
