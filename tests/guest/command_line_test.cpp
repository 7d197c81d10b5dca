// SPDX-License-Identifier: LGPL-2.1-or-later
// The guest kernel's command line.
#include "guest-kernel/kernel/command_line.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace guest {
namespace {

std::vector<std::string> unknown_words;

std::string string_of(Text t) { return {t.begin, t.end}; }

Options parse(const char* line) {
    unknown_words.clear();
    return parse_command_line(line, [](Text word) { unknown_words.push_back(string_of(word)); });
}

TEST(CommandLine, Defaults) {
    const Options o = parse("");
    EXPECT_EQ(string_of(o.workloads), "all");
    EXPECT_FALSE(o.selftest);
    EXPECT_TRUE(unknown_words.empty());
}

TEST(CommandLine, ReadsItsKeys) {
    const Options o = parse("  workload=ipc,mmap   selftest=1 ");
    EXPECT_EQ(string_of(o.workloads), "ipc,mmap");
    EXPECT_TRUE(o.selftest);
    EXPECT_TRUE(unknown_words.empty());
}

TEST(CommandLine, CrashesOnlyAsItKnows) {
    EXPECT_TRUE(parse("selftest=1").crash.empty());
    EXPECT_EQ(string_of(parse("crash=fault").crash), "fault");
    EXPECT_TRUE(parse("crash=triple").crash.empty());
    EXPECT_EQ(unknown_words, std::vector<std::string>{"crash=triple"});
}

TEST(CommandLine, MemNopentiumMeansSmallPages) {
    EXPECT_EQ(parse("selftest=1").direct_map, DirectMapPages::large);
    EXPECT_EQ(parse("mem=nopentium").direct_map, DirectMapPages::small);
    EXPECT_EQ(parse("mem=512M").direct_map, DirectMapPages::large);
    EXPECT_EQ(unknown_words, std::vector<std::string>{"mem=512M"});
}

TEST(CommandLine, TheLastOfARepeatedKeyWins) {
    EXPECT_EQ(string_of(parse("workload=a workload=b").workloads), "b");
    EXPECT_FALSE(parse("selftest=1 selftest=0").selftest);
}

TEST(CommandLine, WordsWithoutAValue) {
    EXPECT_FALSE(parse("selftest=1").small_stacks);
    EXPECT_TRUE(parse("4kstacks selftest=1").small_stacks);
    EXPECT_FALSE(parse("selftest=1").no_global_pages);
    EXPECT_TRUE(parse("nopge").no_global_pages);
    EXPECT_TRUE(parse("nosep").no_sysenter);
    EXPECT_TRUE(parse("highpte").tables_in_highmem);
    EXPECT_FALSE(parse("").tables_in_highmem);
    EXPECT_TRUE(unknown_words.empty());
}

TEST(CommandLine, SkipsTheImagesName) {
    EXPECT_EQ(string_of(parse("build/kernel-3-1-classic.elf workload=none").workloads), "none");
    EXPECT_TRUE(unknown_words.empty());
}

TEST(CommandLine, ReportsWhatItDoesNotKnow) {
    parse("workloads=all kernel.elf selftest=2 quiet x=");
    EXPECT_EQ(unknown_words, (std::vector<std::string>{"workloads=all", "kernel.elf", "selftest=2", "quiet", "x="}));
}

TEST(CommandLine, AKeyWithoutAValueIsUnknown) {
    EXPECT_EQ(string_of(parse("kernel.elf workload= workload").workloads), "all");
    EXPECT_EQ(unknown_words, (std::vector<std::string>{"workload=", "workload"}));
}

TEST(CommandLine, SplitsLists) {
    const char list[] = ",a,,bc,";
    Text rest{list, list + sizeof list - 1};
    EXPECT_EQ(string_of(next_piece(rest, ',')), "a");
    EXPECT_EQ(string_of(next_piece(rest, ',')), "bc");
    EXPECT_TRUE(next_piece(rest, ',').empty());
    EXPECT_TRUE(next_piece(rest, ',').empty());
}

TEST(CommandLine, ComparesWholeWords) {
    const char word[] = "all";
    EXPECT_TRUE((Text{word, word + 3} == "all"));
    EXPECT_FALSE((Text{word, word + 2} == "all"));
    EXPECT_FALSE((Text{word, word + 3} == "al"));
    EXPECT_TRUE((Text{word, word} == ""));
}

}  // namespace
}  // namespace guest
