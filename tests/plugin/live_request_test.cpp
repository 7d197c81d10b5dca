// SPDX-License-Identifier: LGPL-2.1-or-later
// What a viewer may ask for.
#include "bochs-plugin/live_request.h"

#include <gtest/gtest.h>

namespace plugin {
namespace {

class LiveRequest : public testing::Test {
protected:
    std::string say(const std::string& line) { return take_request(line, hello, order); }
    LiveHello hello{"/trace", 1024, 50000000, 2, {"p6", "skylake"}, {}};
    LiveOrder order;
};

TEST_F(LiveRequest, ChoosesProfileAndCpu) {
    EXPECT_EQ(say("profile skylake"), "");
    EXPECT_EQ(order.profile, 1u);
    EXPECT_EQ(say("cpu 1"), "");
    EXPECT_EQ(order.cpu, 1u);
    EXPECT_EQ(say("profile p5"), "profile 'p5' is not modelled here; hello lists those that are");
    EXPECT_EQ(say("cpu 2"), "cpu '2' is not here; there are 2, from 0");
    EXPECT_EQ(say("cpu -1"), "cpu '-1' is not here; there are 2, from 0");
    EXPECT_EQ(order.profile, 1u);
    EXPECT_EQ(order.cpu, 1u);
}

TEST_F(LiveRequest, InspectsAnAddress) {
    EXPECT_EQ(say("inspect 0xc0101234"), "");
    EXPECT_EQ(order.inspect, 0xC0101234u);
    EXPECT_EQ(say("inspect 4096"), "");
    EXPECT_EQ(order.inspect, 4096u);
    for (const char* wrong : {"inspect", "inspect ", "inspect here", "inspect 12 13", "inspect 99999999999999999999"}) EXPECT_NE(say(wrong), "") << wrong;
    EXPECT_EQ(order.inspect, 4096u);
}

TEST_F(LiveRequest, RefusesTheRest) {
    EXPECT_NE(say("profile"), "");
    EXPECT_NE(say("Profile p6"), "");
    EXPECT_EQ(say(std::string(200, 'x')).size(), say("x").size() + 39) << "no more is repeated than a person wants to read";
}

}  // namespace
}  // namespace plugin
