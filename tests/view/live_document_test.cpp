// SPDX-License-Identifier: LGPL-2.1-or-later
// doc/live-protocol.md names every key that a recording sends, and no other.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <nlohmann/json.hpp>

#include "live_recording.hpp"
#include "tests/tools/test_paths.hpp"

namespace tools::view {
namespace {

using nlohmann::json;
using Keys = std::set<std::string>;
using KeysByType = std::map<std::string, Keys>;

std::string text_of(const std::filesystem::path& file) {
    std::ifstream in{file};
    EXPECT_TRUE(in) << file;
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

// "zones[].name" of every value that is no object and no list.
void add_keys(const json& value, const std::string& way, Keys& keys) {
    if (value.is_object())
        for (const auto& [key, inner] : value.items()) add_keys(inner, way.empty() ? key : way + "." + key, keys);
    else if (value.is_array())
        for (const json& inner : value) add_keys(inner, way + "[]", keys);
    else keys.insert(way);
}

// What is sent when everything that can be said is.
KeysByType sent_keys() {
    plugin::LiveOrder order;
    order.inspect = 0x2000;
    plugin::LiveSnapshot s = small_snapshot(order, 1);
    s.mmu.pde_geometry = {4, 4};
    s.mmu.pde_cache = {{0, 1, mm::VirtAddr{0}, 22, 0x5067, 1}};
    s.inspection->steps[0].in_register = true, s.inspection->steps[1].kind = plugin::MemoryKind::rom;
    KeysByType sent;
    for (const std::string& line : {plugin::to_line(plugin::LiveHello{"/trace", 64, 50000000, 2, {"p6"}, {"p6 ..."}}), plugin::to_line(s), plugin::inspection_line(s), plugin::end_line(s), plugin::error_line("no")}) {
        json object = json::parse(line);
        const std::string type = object.at("type");
        object.erase("type");
        add_keys(object, {}, sent[type]);
    }
    return sent;
}

// "a.{b,c}[]" is a.b[] and a.c[].
Keys expanded(const std::string& words) {
    const size_t open = words.find('{'), close = words.find('}');
    if (open == std::string::npos) return {words};
    Keys keys;
    std::istringstream names{words.substr(open + 1, close - open - 1)};
    for (std::string name; std::getline(names, name, ',');) keys.insert(words.substr(0, open) + name + words.substr(close + 1));
    return keys;
}

// The first columns of the tables, each of the type that the last paragraph before it begins with.
KeysByType described_keys() {
    KeysByType described;
    std::istringstream lines{text_of(tests::data_directory() / "../../../doc/live-protocol.md")};
    std::string type;
    for (std::string line; std::getline(lines, line) && line != "## What a viewer may say";) {
        if (line[0] == '`') type = line.substr(1, line.find('`', 1) - 1), described[type];
        if (line.rfind("| `", 0) != 0) continue;
        const std::string cell = line.substr(0, line.find(" |", 2));
        const std::regex quoted{"`([^`]*)`"};
        for (std::sregex_iterator word{cell.begin(), cell.end(), quoted}, end; word != end; ++word)
            for (const std::string& key : expanded((*word)[1]))
                EXPECT_TRUE(described[type].insert(key).second) << type << ' ' << key << " is described twice";
    }
    return described;
}

TEST(LiveProtocol, IsDescribedKeyByKey) {
    const KeysByType sent = sent_keys(), described = described_keys();
    EXPECT_EQ(sent.size(), 5u);
    for (const auto& [type, keys] : sent) {
        ASSERT_TRUE(described.contains(type)) << type << " is not described";
        for (const std::string& key : keys) EXPECT_TRUE(described.at(type).contains(key)) << type << ": " << key << " is sent and not described";
        for (const std::string& key : described.at(type)) EXPECT_TRUE(keys.contains(key)) << type << ": " << key << " is described and not sent";
    }
    for (const auto& [type, keys] : described) EXPECT_TRUE(sent.contains(type)) << type << " is described and not sent";
}

// Else a key that is only sent now and then could escape the test above.
TEST(LiveProtocol, ItsTestSendsEveryKeyThatTheSourceHas) {
    Keys sent;
    for (const auto& [type, keys] : sent_keys())
        for (const std::string& key : keys) {
            std::istringstream names{std::regex_replace(key, std::regex{"\\[\\]"}, "")};
            for (std::string name; std::getline(names, name, '.');) sent.insert(name);
        }
    const std::string source = text_of(tests::data_directory() / "../../../bochs-plugin/live_json.cc");
    const std::regex literal{"(member|key)\\(\"([a-z_0-9]+)\""};
    Keys written;
    for (std::sregex_iterator found{source.begin(), source.end(), literal}, end; found != end; ++found) written.insert((*found)[2]);
    written.erase("type");
    EXPECT_GT(written.size(), 50u);
    for (const std::string& key : written) EXPECT_TRUE(sent.contains(key)) << key;
}

}  // namespace
}  // namespace tools::view
