// SPDX-License-Identifier: LGPL-2.1-or-later
// The guest's commands, well-formed and not.
#include "bochs-plugin/port_protocol.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace plugin {
namespace {

using namespace mm::protocol;
using Outcome = PortProtocol::Outcome;

class PortProtocolTest : public testing::Test {
protected:
    Outcome say(Op op, uint32_t operand, std::initializer_list<uint32_t> words = {}, const std::string& name = {}) {
        for (uint32_t word : words) EXPECT_EQ(protocol.write(argument_port, 4, word), Outcome::nothing);
        for (size_t at = 0; at < name.size(); at += 4) {
            uint32_t word = 0;
            for (size_t n = 0; n < 4 && at + n < name.size(); ++n) word |= uint32_t{static_cast<uint8_t>(name[at + n])} << 8 * n;
            protocol.write(argument_port, 4, word);
        }
        return protocol.write(command_port, 4, command(op, operand));
    }
    PortProtocol protocol;
};

TEST_F(PortProtocolTest, ListensToItsPortsOnly) {
    EXPECT_TRUE(PortProtocol::listens(0x5A50) && PortProtocol::listens(0x5A54));
    EXPECT_FALSE(PortProtocol::listens(0x5A52) || PortProtocol::listens(0xE9));
}

TEST_F(PortProtocolTest, ReadsAZone) {
    ASSERT_EQ(say(Op::zone, 1, {4096, 229376, 225280}, "NORMAL"), Outcome::command);
    const GuestCommand& c = protocol.command();
    EXPECT_EQ(c.op, Op::zone);
    EXPECT_EQ(c.operand, 1u);
    EXPECT_EQ(c.start, 4096u);
    EXPECT_EQ(c.end, 229376u);
    EXPECT_EQ(c.present_pages, 225280u);
    EXPECT_EQ(c.name, "NORMAL");
}

TEST_F(PortProtocolTest, ARegionThatEndsAtZeroEndsAtFourGiB) {
    ASSERT_EQ(say(Op::region, 0, {0xFFFC0000, 0}, "trampoline"), Outcome::command);
    EXPECT_EQ(protocol.command().end, uint64_t{1} << 32);
}

TEST_F(PortProtocolTest, NamesMayFillTheirLastWord) {
    ASSERT_EQ(say(Op::span_name, 5, {}, "null-sys"), Outcome::command);
    EXPECT_EQ(protocol.command().name, "null-sys");
    ASSERT_EQ(say(Op::span_name, 6, {}, "a\nb"), Outcome::command);
    EXPECT_EQ(protocol.command().name, "a?b");
}

TEST_F(PortProtocolTest, KnowsTheReasonsOfFlushes) {
    ASSERT_EQ(say(Op::flush_reason, 2), Outcome::command);
    EXPECT_EQ(protocol.command().operand, 2u);
    EXPECT_EQ(say(Op::flush_reason, 3), Outcome::error);
    EXPECT_EQ(protocol.error(), "unknown flush reason 3");
}

TEST_F(PortProtocolTest, ReadsWhatBecomesOfAPageTable) {
    ASSERT_EQ(say(Op::page_table, 0, {0xFFFFFF}), Outcome::command);
    EXPECT_EQ(protocol.command().operand, static_cast<uint32_t>(PageTable::freed));
    EXPECT_EQ(protocol.command().start, 0xFFFFFFu);
    ASSERT_EQ(say(Op::page_table, 1, {7}), Outcome::command);
    EXPECT_EQ(protocol.command().operand, static_cast<uint32_t>(PageTable::allocated));
    EXPECT_EQ(say(Op::page_table, 2, {7}), Outcome::error);
    EXPECT_EQ(protocol.error(), "unknown page-table event 2");
    EXPECT_EQ(say(Op::page_table, 0), Outcome::error) << "no frame";
}

TEST_F(PortProtocolTest, ArgumentsAreForgottenAfterEachCommand) {
    ASSERT_EQ(say(Op::mark, 1, {1, 2, 3}), Outcome::command);
    EXPECT_EQ(say(Op::zone, 0), Outcome::error);
    EXPECT_EQ(protocol.error(), "command 2 has 0 argument words, 4 are due");
    EXPECT_EQ(say(Op::span_begin, 4095), Outcome::command) << "an error does not stick";
}

TEST_F(PortProtocolTest, RejectsWhatItCannotUse) {
    EXPECT_EQ(protocol.write(command_port, 1, 8), Outcome::error);
    EXPECT_EQ(say(static_cast<Op>(77), 0), Outcome::error);
    EXPECT_EQ(protocol.error(), "unknown command 77");
    EXPECT_EQ(say(Op::span_begin, max_span_names), Outcome::error);
    EXPECT_EQ(say(Op::region, 0, {0x2000, 0x1000}, "upside-down"), Outcome::error);
    EXPECT_EQ(say(Op::hello, version + 1), Outcome::error);
    for (unsigned n = 0; n <= max_arguments; ++n) protocol.write(argument_port, 4, 'a');
    EXPECT_EQ(say(Op::symbols, 0), Outcome::error) << "a name cut short is no name";
}

}  // namespace
}  // namespace plugin
