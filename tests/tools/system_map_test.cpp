// SPDX-License-Identifier: LGPL-2.1-or-later
// What is said of a System.map before the guest boots, and the functions' names in the copy that a recording keeps.
#include "tools/system_map.hpp"

#include <gtest/gtest.h>

#include "tools/error.hpp"
#include "tools/symbols.hpp"
#include "trace_builder.hpp"

namespace {

class SystemMap : public testing::Test {
protected:
    std::string problem(const std::string& text, const std::string& name = "System.map") const {
        tests::write_file(directory.path() / name, text);
        return tools::system_map_problem(directory.path() / name);
    }
    const tests::TemporaryDirectory directory;
};

TEST_F(SystemMap, OfAKernelIsFine) { EXPECT_EQ(problem("c1000000 T _text\nc1a16740 D linux_banner\n01000000 A phys_startup_32\n"), ""); }

TEST_F(SystemMap, StubOfDebianNamesThePackage) {
    const std::string stub = "ffffffffffffffff B The real System.map is in the linux-image-<version>-dbg package\n";
    EXPECT_NE(problem(stub, "System.map-6.1.0-50-686").find("linux-image-6.1.0-50-686-dbg, as /usr/lib/debug/boot/System.map-6.1.0-50-686"), std::string::npos);
    EXPECT_NE(problem(stub).find("linux-image-VERSION-dbg"), std::string::npos);
}

TEST_F(SystemMap, ThatCannotServeSaysWhatWould) {
    EXPECT_NE(problem("ffffffff81000000 T _text\nffffffff82000000 D linux_banner\n").find("64-bit"), std::string::npos);
    EXPECT_NE(problem("00000000 T _text\n00000000 D linux_banner\n").find("as root"), std::string::npos);
    EXPECT_NE(problem("c1000000 T _text\n").find("linux_banner"), std::string::npos);
    EXPECT_NE(problem("").find("linux_banner"), std::string::npos);
    EXPECT_NE(problem(std::string(5000, '\x7f')).find("linux_banner"), std::string::npos);
    EXPECT_THROW((void)tools::system_map_problem(directory.path() / "none"), tools::InputError);
    EXPECT_THROW((void)tools::system_map_problem(directory.path()), tools::InputError);
}

TEST_F(SystemMap, InARecordingNamesTheFunctionsOfAKernelThatMoved) {
    tests::write_file(directory.path() / ".zonescope/System.map", "c1000000 T first\nc1000100 t second\n");
    tools::RunInfo run;
    run.symbols = "System.map", run.symbols_moved_by = 0x2000000;
    const tools::Symbols symbols = symbols_of(directory.path(), run);
    EXPECT_EQ(symbols.at(0xC3000110), "second+0x10");
    EXPECT_EQ(symbols.at(0xC3000000), "first");
    EXPECT_EQ(symbols.at(0xC1000110), "");
    run.symbols = "../System.map";
    EXPECT_TRUE(symbols_of(directory.path(), run).empty()) << "a guest chooses the name";
}

}  // namespace
