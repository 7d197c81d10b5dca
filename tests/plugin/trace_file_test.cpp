// SPDX-License-Identifier: LGPL-2.1-or-later
// Files that fill up, and files that do not.
#include "bochs-plugin/trace_file.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include "temporary_directory.hpp"

namespace plugin {
namespace {

TEST(TraceFile, AppendsWholePackets) {
    TemporaryDirectory directory;
    TraceFile file;
    ASSERT_TRUE(file.open(directory / "cpu0"));
    ASSERT_TRUE(file.append("first ", 6));
    ASSERT_TRUE(file.append("second", 6));
    EXPECT_EQ(file.size(), 12u);
    EXPECT_EQ(contents_of(directory / "cpu0"), "first second") << "in the file before it is closed: a kill loses nothing";
    EXPECT_TRUE(file.close());
}

TEST(TraceFile, SaysThatTheDiskIsFull) {
    TraceFile file;
    ASSERT_TRUE(file.open("/dev/full"));
    EXPECT_FALSE(file.append("packet", 6));
    EXPECT_EQ(file.error(), "/dev/full: No space left on device");
    EXPECT_FALSE(file.append("packet", 6)) << "nothing after a gap";
    EXPECT_FALSE(file.close());
}

// A file size limit lets a part of the packet through, as a nearly full disk does.
TEST(TraceFile, CutsOffAPacketThatWasWrittenInPart) {
    TemporaryDirectory directory;
    TraceFile file;
    ASSERT_TRUE(file.open(directory / "cpu0"));
    signal(SIGXFSZ, SIG_IGN);
    rlimit before;
    getrlimit(RLIMIT_FSIZE, &before);
    const rlimit small{1000, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    const std::string packet(600, 'p');
    const bool first = file.append(packet.data(), packet.size());
    const bool second = file.append(packet.data(), packet.size());
    setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_TRUE(first);
    EXPECT_FALSE(second);
    EXPECT_TRUE(file.failed());
    EXPECT_EQ(contents_of(directory / "cpu0").size(), 600u);
}

TEST(TraceFile, NamesTheFileThatCannotBeMade) {
    TemporaryDirectory directory;
    TraceFile file;
    EXPECT_FALSE(file.open(directory / "absent/cpu0"));
    EXPECT_EQ(file.error(), directory / "absent/cpu0: No such file or directory");
}

TEST(ReplaceFile, LeavesNothingBeside) {
    TemporaryDirectory directory;
    EXPECT_EQ(replace_file(directory / "run.json", "one"), "");
    EXPECT_EQ(replace_file(directory / "run.json", "two"), "");
    EXPECT_EQ(contents_of(directory / "run.json"), "two");
    EXPECT_FALSE(std::filesystem::exists(directory / "run.json.new"));
    EXPECT_NE(replace_file(directory / "absent/run.json", "x"), "");
}

TEST(MakeDirectories, MakesParentsAndAcceptsWhatIsThere) {
    TemporaryDirectory directory;
    EXPECT_EQ(make_directories(directory / "a/b/.zonescope"), "");
    EXPECT_EQ(make_directories(directory / "a/b/.zonescope"), "");
    EXPECT_TRUE(std::filesystem::is_directory(directory / "a/b/.zonescope"));
    ASSERT_EQ(replace_file(directory / "file", ""), "");
    EXPECT_EQ(make_directories(directory / "file"), directory / "file: Not a directory");
}

}  // namespace
}  // namespace plugin
