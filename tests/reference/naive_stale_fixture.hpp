// SPDX-License-Identifier: LGPL-2.1-or-later
// Pages that the tests of stale translations use, change and use again; in both formats.
#pragma once

#include <gtest/gtest.h>

#include "stale_machine.hpp"

namespace reference {

inline constexpr uint32_t a = 0x00403000, b = 0x00405000, elsewhere = 0x40403000;  // a and b: in one directory slot of both formats
inline constexpr uint32_t first_table = 0x100, second_table = 0x200;

class NaiveStaleTest : public testing::TestWithParam<bool> {
protected:
    // a and b are mapped by one table to frames 0x11 and 0x12, and used.
    void use_both() {
        m.set_table(a, first_table);
        m.map(a, 0x11), m.map(b, 0x12);
        EXPECT_EQ(m.read(a), "");
        EXPECT_EQ(m.read(b), "");
    }
    // The slot is a large page at frame 0x800, of which a was used.
    void use_large() {
        m.map_large(a, 0x800);
        EXPECT_EQ(m.read(a), "");
    }
    // The frame of an address inside the large page at 0x800.
    std::string inside(uint32_t at) const {
        char text[16];
        std::snprintf(text, sizeof text, "%x", 0x800 + ((at % m.large_bytes()) >> 12));
        return text;
    }
    StaleMachine m{GetParam()};
};

}  // namespace reference
