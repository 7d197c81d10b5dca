// SPDX-License-Identifier: LGPL-2.1-or-later
// The files that Bochs' debugger reads before the user says anything.
#include "tools/debugger_script.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "trace_builder.hpp"

namespace {

using tools::RecordOptions;

class DebuggerScript : public testing::Test {
protected:
    std::filesystem::path file(const std::string& name, const std::string& text) const {
        tests::write_file(directory.path() / name, text);
        return directory.path() / name;
    }
    static std::string text_of(const std::filesystem::path& file) {
        std::ifstream in{file};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    RecordOptions options() const {
        RecordOptions o;
        o.output = directory.path() / "trace";
        std::filesystem::create_directories(o.output / tools::hidden_directory);
        o.symbols = file("System.map", "c0100000 T kernel_main\nc0100040 t idle\nc0200000 D data\n");
        return o;
    }
    const tests::TemporaryDirectory directory;
};

TEST_F(DebuggerScript, SymbolsAreLinesOfAddressAndName) {
    const std::string text = debugger_symbols(tools::Symbols{options().symbols});
    EXPECT_EQ(text.substr(0, text.find('\n', text.find('\n') + 1) + 1), "c0100000 kernel_main\nc0100040 idle\n");
    EXPECT_EQ(text.find("data"), std::string::npos) << "what is no function";
    EXPECT_NE(text.find(" (no function)\n"), std::string::npos) << "Bochs takes the last symbol for the name of all that follows";
    EXPECT_EQ(text.back(), '\n');
    EXPECT_EQ(debugger_symbols(tools::Symbols{}), "");
}

// Bochs reads lines of 511 bytes.
TEST_F(DebuggerScript, LongNamesAreCut) {
    const std::string text = debugger_symbols(tools::Symbols{file("long.map", "c0100000 T " + std::string(2000, 'x') + "\nc0100010 T short_one\n")});
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);) EXPECT_LT(line.size(), 511u);
    EXPECT_NE(text.find("c0100010 short_one\n"), std::string::npos);
}

TEST_F(DebuggerScript, CommandsFollowTheSymbols) {
    EXPECT_EQ(tools::debugger_script("", "", false), "");
    EXPECT_EQ(tools::debugger_script("/t/a b", "c\n", false), "ldsym global \"/t/a b\"\nc\n");
    EXPECT_EQ(tools::debugger_script("", "instrument \"zones\"", true), "instrument \"zones\"\nquit\n") << "a last line without its end is one";
    EXPECT_EQ(tools::debugger_script("", "", true), "quit\n");
}

TEST_F(DebuggerScript, BochsIsStartedWithIt) {
    RecordOptions o = options();
    std::vector<std::string> command{"bochs"};
    add_debugger_arguments(command, o);
    ASSERT_EQ(command.size(), 4u);
    EXPECT_EQ(command[1], "-debugger");
    EXPECT_EQ(command[2], "-rc");
    const std::filesystem::path hidden = std::filesystem::absolute(o.output / tools::hidden_directory);
    EXPECT_EQ(std::filesystem::path{command[3]}.parent_path(), hidden);
    const std::string script = text_of(command[3]);
    ASSERT_EQ(script.rfind("ldsym global \"" + hidden.string(), 0), 0u) << script;
    EXPECT_EQ(script.find("quit"), std::string::npos) << "the user goes on";
    const std::string symbols = script.substr(script.find('"') + 1, script.rfind('"') - script.find('"') - 1);
    EXPECT_NE(text_of(symbols).find("c0100000 kernel_main"), std::string::npos);
    o.commands = file("script", "c");
    o.gui = true;
    command = {"bochs"};
    add_debugger_arguments(command, o);
    EXPECT_NE(text_of(command[3]).find("\nc\n"), std::string::npos);
    EXPECT_EQ(text_of(command[3]).find("quit"), std::string::npos) << "windows stay open";
}

TEST_F(DebuggerScript, AForeignGuestWithoutSymbolsHasNone) {
    RecordOptions o = options();
    o.symbols.clear(), o.image = "guest.iso";
    std::vector<std::string> command;
    add_debugger_arguments(command, o);
    EXPECT_EQ(text_of(command.back()), "");
}

TEST_F(DebuggerScript, AScriptThatCannotBeReadIsRefused) {
    RecordOptions o = options();
    EXPECT_NO_THROW(tools::check_debugger_options(o));
    o.commands = directory.path() / "none";
    EXPECT_THROW(tools::check_debugger_options(o), tools::InputError);
    o.commands = file("script", "c\n");
    EXPECT_NO_THROW(tools::check_debugger_options(o));
}

}  // namespace
