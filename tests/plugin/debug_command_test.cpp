// SPDX-License-Identifier: LGPL-2.1-or-later
// What users of the debugger may write, and what is said of the rest.
#include "bochs-plugin/debug_command.h"

#include <gtest/gtest.h>

namespace plugin {
namespace {

using Verb = DebugCommand::Verb;

std::optional<uint64_t> symbol(const std::string& name) {
    if (name == "kernel_main") return 0xC0100000;
    if (name == "operator+") return 0xC0200000;
    if (name == "a-b") return 0xC0300000;
    return std::nullopt;
}
DebugCommand good(const std::string& line) {
    const ParsedCommand p = parse_debug_command(line, symbol);
    EXPECT_EQ(p.error, "") << line;
    return p.command;
}
std::string error(const std::string& line) { return parse_debug_command(line, symbol).error; }

TEST(DebugCommands, EachIsKnown) {
    EXPECT_EQ(good("").verb, Verb::help);
    EXPECT_EQ(good("help").verb, Verb::help);
    EXPECT_EQ(good("  tlb\t").verb, Verb::tlb);
    EXPECT_EQ(good("tlb skylake").profile, "skylake");
    EXPECT_EQ(good("zones").verb, Verb::zones);
    EXPECT_EQ(good("regions").verb, Verb::regions);
    EXPECT_EQ(good("stale").verb, Verb::stale);
    EXPECT_EQ(good("spans").verb, Verb::spans);
    EXPECT_EQ(good("who 0x38000").from, 0x38000u);
    EXPECT_EQ(good("who 229376").from, 0x38000u);
    EXPECT_FALSE(good("trace").on);
    EXPECT_EQ(good("trace on").on, true);
    EXPECT_EQ(good("trace off").on, false);
    EXPECT_EQ(good("break flush").verb, Verb::break_flush);
    EXPECT_EQ(good("break flush p6").profile, "p6");
    EXPECT_EQ(good("break stale").verb, Verb::break_stale);
    EXPECT_EQ(good("break split-switch").verb, Verb::break_split_switch);
    EXPECT_EQ(good("breaks").verb, Verb::list_breaks);
    EXPECT_EQ(good("delete 3").number, 3u);
    EXPECT_EQ(good("delete all").number, 0u);
    const DebugCommand walks = good("break walk HighMem core2");
    EXPECT_EQ(walks.verb, Verb::break_walk);
    EXPECT_EQ(walks.zone, "HighMem");
    EXPECT_EQ(walks.profile, "core2");
}

TEST(DebugCommands, AddressesAreNumbersOrSymbols) {
    EXPECT_EQ(good("walk 0xc0101234").from, 0xC0101234u);
    EXPECT_EQ(good("walk 4096").from, 4096u);
    EXPECT_EQ(good("walk 0xffff888000000000").from, 0xFFFF888000000000u);
    EXPECT_EQ(good("walk kernel_main").from, 0xC0100000u);
    EXPECT_EQ(good("walk kernel_main+0x10").from, 0xC0100010u);
    EXPECT_EQ(good("walk operator++16").from, 0xC0200010u);
}

TEST(DebugCommands, RangesIncludeTheirLastAddress) {
    const DebugCommand one = good("break fill 0x1000");
    EXPECT_EQ(one.from, one.to);
    const DebugCommand two = good("break fill 0x1000-0x1fff p6");
    EXPECT_EQ(two.from, 0x1000u);
    EXPECT_EQ(two.to, 0x1FFFu);
    EXPECT_EQ(two.profile, "p6");
    const DebugCommand dashes = good("break fill a-b-a-b+0x20");
    EXPECT_EQ(dashes.from, 0xC0300000u);
    EXPECT_EQ(dashes.to, 0xC0300020u);
}

TEST(DebugCommands, WhatIsWrongIsSaid) {
    EXPECT_EQ(error("tbl"), "there is no command 'tbl'; `zs help` lists them");
    EXPECT_EQ(error("break"), "it is: break walk|fill|flush|stale|split-switch");
    EXPECT_EQ(error("break wlak"), "there is no break on 'wlak'; it is: break walk|fill|flush|stale|split-switch");
    EXPECT_EQ(error("walk"), "walk: something is missing; it is: walk ADDR");
    EXPECT_EQ(error("zones now"), "zones: 'now' is too much; it is: zones");
    EXPECT_EQ(error("trace maybe"), "trace: 'maybe' is neither on nor off; it is: trace [on|off]");
    EXPECT_EQ(error("break walk a b c"), "break walk: 'c' is too much; it is: break walk ZONE [PROFILE]");
    EXPECT_EQ(error("break fill 0x2000-0x1000"), "break fill: '0x2000-0x1000' ends before it begins");
    EXPECT_NE(error("walk nothing").find("walk: 'nothing' is neither a number (0x...) nor a symbol"), std::string::npos);
    EXPECT_NE(error("walk 0xzz"), "");
    EXPECT_NE(error("walk 0xfffffffffffffffffffff"), "") << "more than 64 bits";
    EXPECT_NE(error("walk c0100000"), "") << "not taken for decimal, nor for hexadecimal";
    EXPECT_NE(error("who kernel_main"), "");
    EXPECT_NE(error("who 0x123456789"), "");
    EXPECT_NE(error("delete 0"), "");
    EXPECT_NE(error("delete x"), "");
}

TEST(DebugCommands, HelpHasALineForEach) {
    const auto lines = debug_help();
    EXPECT_EQ(lines.size(), 16u);
    for (const std::string& line : lines) {
        EXPECT_LE(line.size(), 110u);
        const std::string word = line.substr(2, line.find(' ', 2) - 2);
        EXPECT_NE(error(word).find("there is no command"), 0u) << word;
    }
}

}  // namespace
}  // namespace plugin
