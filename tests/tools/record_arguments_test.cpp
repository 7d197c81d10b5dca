// SPDX-License-Identifier: LGPL-2.1-or-later
// What the words of `record` and `debug` mean, and which of them do not go together.
#include "tools/record_arguments.hpp"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

#include "tools/error.hpp"
#include "trace_builder.hpp"

namespace {

using tools::RecordArguments;

class RecordArgumentsTest : public testing::Test {
protected:
    // As the verb does it; what is said on stderr goes to `said`.
    RecordArguments read(const std::string& words) {
        RecordArguments o;
        CLI::App app;
        tools::add_record_arguments(app, o, "the screen");
        app.parse(words, false);
        note_given(app, o);
        testing::internal::CaptureStderr();
        try {
            complete_options(o, "record");
        } catch (...) {
            said = testing::internal::GetCapturedStderr();
            throw;
        }
        said = testing::internal::GetCapturedStderr();
        return o;
    }
    void refuses(const std::string& words, const std::string& why) {
        try {
            (void)read(words);
            ADD_FAILURE() << words << " is taken";
        } catch (const tools::InputError& e) {
            EXPECT_NE(std::string{e.what()}.find(why), std::string::npos) << e.what();
        }
    }
    std::string said;
};

TEST_F(RecordArgumentsTest, HaveDefaults) {
    const auto r = read("-o trace").record;
    EXPECT_EQ(said, "");
    EXPECT_EQ(r.output, "trace");
    EXPECT_EQ(r.split, "3:1");
    EXPECT_EQ(r.paging, "classic");
    EXPECT_EQ(r.memory_mib, 1024u);
    EXPECT_EQ(r.workload, "all");
    EXPECT_EQ(r.profiles, std::vector<std::string>{"p6"});
    EXPECT_TRUE(r.record && r.zones.empty());
    EXPECT_FALSE(r.references || r.gui || r.stop_on_stale);
    EXPECT_EQ(guest_title(r), "3:1 classic 1024M");
}

TEST_F(RecordArgumentsTest, AreRead) {
    const auto r = read("--split 4:4 --paging pae --memory 2G --profile p6,k7 --references --instructions 5 --timeout 1.5 --stale off -o t").record;
    EXPECT_EQ(r.memory_mib, 2048u);
    EXPECT_EQ(r.profiles, (std::vector<std::string>{"p6", "k7"}));
    EXPECT_TRUE(r.references);
    EXPECT_EQ(r.instructions, 5u);
    EXPECT_EQ(r.timeout, 1.5);
    EXPECT_EQ(r.stale, "off");
    EXPECT_EQ(guest_title(r), "4:4 pae 2048M");
}

TEST_F(RecordArgumentsTest, AForeignGuestHasZonesUnlessItPublishesThem) {
    const auto r = read("--image some/guest.iso --memory 2G -o t").record;
    EXPECT_EQ(guest_title(r), "guest.iso");
    ASSERT_EQ(r.zones.size(), 3u);
    EXPECT_EQ(r.zones[0].name, "dma");
    EXPECT_EQ(r.zones[1].end_pfn, 229376u);
    EXPECT_EQ(r.zones[2].end_pfn, 2048u << 8);
    const auto own = read("--image guest.iso --zones low:0-64M,high:64M- -o t").record;
    ASSERT_EQ(own.zones.size(), 2u);
    EXPECT_EQ(own.zones[0].end_pfn, 64u << 8);
}

TEST_F(RecordArgumentsTest, WhatIsWithoutEffectIsSaid) {
    (void)read("--image guest.iso --split 4:4 --workload none -o t");
    EXPECT_NE(said.find("--split, --workload: without effect"), std::string::npos) << said;
    (void)read("--split 4:4 -o t");
    EXPECT_EQ(said, "");
}

TEST_F(RecordArgumentsTest, ASystemMapThatCannotServeIsLeftOut) {
    const tests::TemporaryDirectory directory;
    tests::write_file(directory.path() / "System.map", "c1000000 T _text\n");
    const auto r = read("--image guest.iso --system-map " + (directory.path() / "System.map").string() + " -o t").record;
    EXPECT_TRUE(r.system_map.empty());
    EXPECT_NE(said.find("the zones are those of --zones"), std::string::npos) << said;
    tests::write_file(directory.path() / "System.map", "c1000000 T _text\nc1a16740 D linux_banner\n01000000 A phys_startup_32\n");
    EXPECT_FALSE(read("--image guest.iso --system-map " + (directory.path() / "System.map").string() + " -o t").record.system_map.empty());
    EXPECT_EQ(said, "");
}

TEST_F(RecordArgumentsTest, SavingNeedsNoTrace) {
    const auto r = read("--save boot --until mark:1").record;
    EXPECT_FALSE(r.record);
    EXPECT_EQ(r.output, "boot/boot");
    EXPECT_TRUE(read("--save boot --until mark:1 -o t").record.record) << "but may have one";
}

TEST_F(RecordArgumentsTest, WhatDoesNotGoTogetherIsRefused) {
    refuses("--split 4:4", "-o is required");
    refuses("--save boot --until mark:2 --from-mark mark:1", "give it a directory with -o");
    refuses("--zones low:0-64M -o t", "is for --image");
    refuses("--system-map System.map -o t", "is for --image");
    refuses("--memory lots -o t", "--memory");
    refuses("--resume-from /nowhere/at/all -o t", "/nowhere/at/all");
}

TEST_F(RecordArgumentsTest, NumbersAreNumbers) {
    for (const char* words : {"--timeout 0 -o t", "--timeout -1 -o t", "--timeout soon -o t", "--timeout 1e18 -o t", "--instructions 0 -o t", "--cpus 0 -o t"})
        EXPECT_THROW((void)read(words), CLI::ParseError) << words;
    EXPECT_EQ(tools::positive_number()("2.5"), "");
    EXPECT_NE(tools::positive_number()("2.5s"), "");
}

}  // namespace
