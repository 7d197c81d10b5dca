// SPDX-License-Identifier: LGPL-2.1-or-later
// Profiles: the one that is installed is whole and agrees with the model, and every mistake is reported with its line.
#include <gtest/gtest.h>

#include <algorithm>

#include "mm/mmu_model.hpp"
#include "tools/error.hpp"
#include "tools/profile.hpp"
#include "trace_builder.hpp"

namespace {

std::string p6_text() { return tests::read_file(tools::find_profile("p6").file); }

// Reads the text as a profile; the message of the error that this gives.
std::string complaint_about(const std::string& text) {
    const tests::TemporaryDirectory directory;
    const auto file = directory.path() / "bad.toml";
    tests::write_file(file, text);
    try {
        (void)tools::read_profile(file);
    } catch (const tools::Error& e) {
        EXPECT_EQ(e.status(), tools::Status::wrong_input);
        return std::string{e.what()}.substr(directory.path().string().size() + 1);
    }
    return "no complaint";
}

std::string p6_with(const std::string& old_text, const std::string& new_text) {
    std::string text = p6_text();
    const size_t at = text.find(old_text);
    EXPECT_NE(at, std::string::npos) << old_text;
    return text.replace(at, old_text.size(), new_text);
}

unsigned line_of(const std::string& needle) {
    const std::string text = p6_text();
    return 1 + static_cast<unsigned>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find(needle)), '\n'));
}

TEST(Profile, P6HasTheGeometryThatTheModelSimulates) {
    const tools::Profile p6 = tools::find_profile("p6");
    const auto same = [](const tools::TlbFigures& figures, const mm::TlbGeometry& geometry) {
        EXPECT_EQ(figures.entries.best, geometry.entries);
        EXPECT_EQ(figures.ways.best, geometry.ways);
    };
    same(p6.instruction_4k, mm::p6_geometry.instruction);
    same(p6.instruction_large, mm::p6_geometry.instruction_large);
    same(p6.data_4k, mm::p6_geometry.data);
    same(p6.data_large, mm::p6_geometry.data_large);
}

TEST(Profile, EveryFigureOfEveryProfileHasASourceAndAnHonestInterval) {
    for (tools::Profile p : tools::all_profiles())
        for (const tools::FigureKey& key : tools::figure_keys()) {
            const tools::Figure& f = key.at(p);
            EXPECT_FALSE(f.source.empty()) << p.name << ' ' << key.table << '.' << key.key;
            EXPECT_TRUE(f.low <= f.best && f.best <= f.high) << p.name << ' ' << key.table << '.' << key.key;
            EXPECT_TRUE(!f.assumed() || f.low < f.high) << p.name << ' ' << key.table << '.' << key.key;
        }
}

TEST(Profile, EveryModelledGeometryHasAProfile) {
    for (const mm::MmuGeometry& g : mm::mmu_geometries) EXPECT_EQ(tools::find_profile(g.profile).name, g.profile);
}

TEST(Profile, MistakesAreReportedWithFileLineAndKey) {
    EXPECT_EQ(complaint_about("schema = 2\n"), "bad.toml:1: schema must be 1: the only one that this zonescope reads");
    EXPECT_EQ(complaint_about(""), "bad.toml:1: key 'schema' is missing; this zonescope reads schema 1");
    const unsigned line = line_of("invlpg = ");
    const std::string at = "bad.toml:" + std::to_string(line) + ": ";
    EXPECT_EQ(complaint_about(p6_with("invlpg = {", "invlgp = {")), at + "key 'cost.invlgp' is unknown; share/profiles/p6.toml has all the keys");
    EXPECT_EQ(complaint_about(p6_with("invlpg = { best = 40", "invlpg = { best = 4000")), at + "key 'cost.invlpg' must have low <= best <= high");
    EXPECT_EQ(complaint_about(p6_with("invlpg = { best = 40", "invlpg = { best = '40'")), at + "key 'cost.invlpg.best' must be a number");
    EXPECT_EQ(complaint_about(p6_with("invlpg = { best = 40", "invlpg = { best = -40")), at + "key 'cost.invlpg.best' must be a number from 0 to 1e9");
    EXPECT_EQ(complaint_about(p6_with("invlpg = { best = 40, low = 12, high = 110,", "invlpg = { best = 40,")),
              at + "key 'cost.invlpg' is assumed, so it needs low and high: an interval that surely holds it");
    EXPECT_NE(complaint_about(p6_with("invlpg = {", "#invlpg = {")).find("key 'cost.invlpg' is missing"), std::string::npos);
    EXPECT_NE(complaint_about(p6_with("ways = { best = 4,", "ways = { best = 5,")).find("entries must be a multiple of ways"), std::string::npos);
    EXPECT_EQ(complaint_about("schema = 1\nname = p6\n").substr(0, 12), "bad.toml:2: ");
}

TEST(Profile, UnknownNamesGetTheKnownOnes) {
    try {
        (void)tools::find_profile("p9");
        FAIL();
    } catch (const tools::InputError& e) {
        EXPECT_STREQ(e.what(), "profile 'p9': no such CPU profile; known: p6, or give the path of a .toml file");
    }
}

}  // namespace
