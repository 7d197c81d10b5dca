// SPDX-License-Identifier: LGPL-2.1-or-later
// Lines of the live protocol that are not as they should be.
#include "tools/view/live_message.hpp"

#include <random>

#include <nlohmann/json.hpp>

#include "../seed.hpp"
#include "live_recording.hpp"
#include "tools/error.hpp"

namespace tools::view {
namespace {

using nlohmann::json;

std::string line() { return plugin::to_line(small_snapshot({}, 1)); }

void expect_wrong(const std::function<void(json&)>& change, const std::string& expected) {
    json changed = json::parse(line());
    change(changed);
    try {
        (void)parse_live_message(changed.dump(), "socket");
        ADD_FAILURE() << "nothing is wrong, but should be: " << expected;
    } catch (const InputError& e) {
        EXPECT_NE(std::string{e.what()}.find(expected), std::string::npos) << e.what();
    }
}

TEST(LiveMessage, IgnoresWhatItDoesNotKnow) {
    EXPECT_TRUE(std::holds_alternative<std::monostate>(parse_live_message(R"({"type": "weather", "sunny": true})", "socket")));
    json more = json::parse(line());
    more["weather"] = "sunny";
    EXPECT_TRUE(std::holds_alternative<LiveFrame>(parse_live_message(more.dump(), "socket")));
}

TEST(LiveMessage, BelievesNothingThatDoesNotFit) {
    expect_wrong([](json& j) { j["tick"] = -1; }, "'tick' is no whole number");
    expect_wrong([](json& j) { j["cpu"] = 2; }, "array index 2 is out of range");
    expect_wrong([](json& j) { j.erase("zones"); }, "zones");
    expect_wrong([](json& j) { j["guest"] = 5; }, "type must be string");
    expect_wrong([](json& j) { j["linear"]["slot_shift"] = 12; }, "neither 22 nor 21");
    expect_wrong([](json& j) { j["linear"]["directory"] = "1"; }, "not as many entries as a directory");
    expect_wrong([](json& j) { j["linear"]["directory"] = std::string(1024, 'z'); }, "stoul");
    expect_wrong([](json& j) { j["memory"]["pages_per_bin"] = 3; }, "do not cover it");
    expect_wrong([](json& j) { j["memory"]["end_pfn"] = uint64_t{1} << 60; }, "do not cover it");
    expect_wrong([](json& j) { j["tlbs"][0]["sets"] = 0; }, "no sensible size");
    expect_wrong([](json& j) { j["tlbs"][0]["ways"] = uint64_t{1} << 32; }, "no sensible size");
    expect_wrong([](json& j) { j["tlbs"][0]["entries"][0][0] = 2; }, "an entry beyond its size");
    expect_wrong([](json& j) { j["cpus"][0]["registers"]["pdpte"] = json::array({1, 2}); }, "out of range");
}

TEST(LiveMessage, BelievesNoDateThatIsNone) {
    plugin::LiveOrder order;
    order.inspect = 0x2000;
    const json good = json::parse(plugin::inspection_line(small_snapshot(order, 1)));
    const LiveWalk walk = std::get<LiveWalk>(parse_live_message(good.dump(), "socket"));
    EXPECT_EQ(walk.steps.at(1).changed, 960u);
    EXPECT_EQ(walk.cached.size(), 4u);
    for (const char* key : {"tlb", "set", "way", "since"}) {
        json wrong = good;
        wrong["cached"][0][key] = -1;
        EXPECT_THROW((void)parse_live_message(wrong.dump(), "socket"), InputError) << key;
    }
    json wrong = good;
    wrong["steps"][1]["changed"] = "yesterday";
    EXPECT_THROW((void)parse_live_message(wrong.dump(), "socket"), InputError);
}

// A change of any byte gives another line of the protocol, or an error.
TEST(LiveMessage, SurvivesDamage) {
    const std::string good = line();
    std::mt19937_64 random{tests::seed()};
    unsigned refused = 0;
    for (unsigned round = 0; round < 3000; ++round) {
        std::string damaged = good;
        for (uint64_t changes = 1 + random() % 3; changes; --changes) {
            const size_t at = random() % damaged.size();
            switch (random() % 3) {
            case 0: damaged[at] = static_cast<char>(random()); break;
            case 1: damaged.erase(at, random() % 20); break;
            default: damaged.insert(at, damaged.substr(random() % damaged.size(), random() % 20));
            }
        }
        try {
            (void)parse_live_message(damaged, "socket");
        } catch (const InputError&) {
            ++refused;
        }
    }
    EXPECT_GT(refused, 0u);
}

}  // namespace
}  // namespace tools::view
