// SPDX-License-Identifier: LGPL-2.1-or-later
// The guest's port protocol: command words by hand, because guests that we did not write send them too.
#include <gtest/gtest.h>

#include "mm/protocol.hpp"

namespace {

using namespace mm::protocol;

TEST(Protocol, PortsAndVersionAreWhatTheDocumentPromises) {
    EXPECT_EQ(command_port, 0x5A50);
    EXPECT_EQ(argument_port, 0x5A54);
    EXPECT_EQ(version, 1u);
}

TEST(Protocol, CommandWordsByHand) {
    EXPECT_EQ(command(Op::hello, 1), 0x01000001u);
    EXPECT_EQ(command(Op::zone, 0), 0x02000000u);
    EXPECT_EQ(command(Op::region, 0), 0x03000000u);
    EXPECT_EQ(command(Op::symbols, 0), 0x04000000u);
    EXPECT_EQ(command(Op::span_name, 19), 0x05000013u);
    EXPECT_EQ(command(Op::span_begin, 0x123), 0x06000123u);
    EXPECT_EQ(command(Op::span_end, 0x123), 0x07000123u);
    EXPECT_EQ(command(Op::mark, 0xABCDEF), 0x08ABCDEFu);
    EXPECT_EQ(command(Op::result, 2), 0x09000002u);
    EXPECT_EQ(command(Op::flush_reason, static_cast<uint32_t>(FlushReason::vmalloc_purge)), 0x0A000002u);
    EXPECT_EQ(command(Op::page_table, static_cast<uint32_t>(PageTable::allocated)), 0x0B000001u);
}

TEST(Protocol, AnOperandNeverReachesTheOperation) {
    EXPECT_EQ(op_of(command(Op::mark, 0xFFFFFFFF)), Op::mark);
    EXPECT_EQ(operand_of(command(Op::mark, 0xFFFFFFFF)), 0xFFFFFFu);
    for (unsigned id = 0; id < max_span_names; ++id) EXPECT_EQ(operand_of(command(Op::span_end, id)), id);
}

}  // namespace
