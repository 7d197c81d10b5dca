// SPDX-License-Identifier: LGPL-2.1-or-later
// The words of a filter, right and wrong.
#include <gtest/gtest.h>

#include "tools/error.hpp"
#include "tools/view/filter_words.hpp"
#include "tools/view/source.hpp"

namespace {

using tools::view::parse_filter_words;

TEST(FilterWords, NothingLetsEveryEventPass) {
    const tools::DumpFilter f = parse_filter_words("  ");
    EXPECT_TRUE(f.events.empty() && f.zone.empty() && f.region.empty() && f.task.empty());
    EXPECT_EQ(f.from, 0u);
    EXPECT_EQ(f.to, UINT64_MAX);
}

TEST(FilterWords, AreOptionsOfDumpWithOrWithoutDashes) {
    const tools::DumpFilter f = parse_filter_words("--zone HIGHMEM event=model_walk,flush --region=user task=sh from=12 --to 34");
    EXPECT_EQ(f.zone, "HIGHMEM");
    EXPECT_EQ(f.events, (std::vector<std::string>{"model_walk", "flush"}));
    EXPECT_EQ(f.region, "user");
    EXPECT_EQ(f.task, "sh");
    EXPECT_EQ(f.from, 12u);
    EXPECT_EQ(f.to, 34u);
}

TEST(FilterWords, SayWhatIsWrong) {
    for (const char* wrong : {"zoen=DMA", "zone", "zone=", "from=1x", "to=-1", "event=walk", "=", "---", "--", "DMA", "to=99999999999999999999"})
        EXPECT_THROW((void)parse_filter_words(wrong), tools::Error) << wrong;
}

}  // namespace
