// SPDX-License-Identifier: LGPL-2.1-or-later
// Profiles by name and by file, refused with a reason, and kept with a trace.
#include <gtest/gtest.h>

#include "tools/bochsrc.hpp"
#include "tools/error.hpp"
#include "tools/profile_geometry.hpp"
#include "tools/profile_selection.hpp"
#include "trace_builder.hpp"

namespace {

std::vector<std::string> names_of(const std::vector<tools::Profile>& profiles) {
    std::vector<std::string> names;
    for (const tools::Profile& p : profiles) names.push_back(p.name);
    return names;
}
std::vector<std::string> selected(const std::string& list) { return names_of(tools::select_profiles(tools::profile_words(list), "--profile")); }

std::string refusal(const std::string& list) {
    try {
        (void)selected(list);
    } catch (const tools::InputError& e) {
        return e.what();
    }
    return "taken";
}

class ProfileSelection : public testing::Test {
protected:
    // p6.toml with another name, and other text replaced.
    std::string file(const std::string& name, const std::string& old_text = "", const std::string& new_text = "") {
        std::string text = tools::find_profile("p6").text;
        text.replace(text.find("name = \"p6\""), 11, "name = \"" + name + "\"");
        if (!old_text.empty()) text.replace(text.find(old_text), old_text.size(), new_text);
        const auto path = directory.path() / (name + "-" + std::to_string(++files) + ".toml");
        tests::write_file(path, text);
        return path.string();
    }
    const tests::TemporaryDirectory directory;
    int files = 0;
};

TEST_F(ProfileSelection, NamesFilesAndAllMix) {
    using Names = std::vector<std::string>;
    EXPECT_EQ(selected("p6"), Names{"p6"});
    EXPECT_EQ(selected("skylake,i486"), (Names{"skylake", "i486"})) << "in the user's order";
    EXPECT_EQ(selected("all"), tools::built_in_profiles());
    const std::string mine = file("mine");
    EXPECT_EQ(selected(mine + ",p4"), (Names{"mine", "p4"}));
    Names all = tools::built_in_profiles();
    all.emplace_back("mine");
    EXPECT_EQ(selected("all," + mine), all);
    EXPECT_EQ(all.size(), tools::most_profiles) << "there is room for one of the user's beside all";
}

TEST_F(ProfileSelection, RefusesWithTheReason) {
    EXPECT_EQ(refusal("p9"), "--profile p9: not known; give some of i486, p5, p5mmx, p6, p4, pentium-m, bonnell, core2, nehalem, skylake, k7, k8, "
                             "geode-lx, the path of a .toml file, or all");
    for (const char* list : {"p6,", ",p6", "p6,,p4", ","})
        EXPECT_EQ(refusal(list), std::string{"--profile "} + list + ": a name is missing; give names and .toml files with one comma between two");
    EXPECT_EQ(refusal("").substr(0, 32), "--profile '': a name is missing;");
    EXPECT_EQ(refusal("p6,p4,p6"), "--profile p6: there are two profiles of this name; give each once, or another name to one of the files");
    EXPECT_EQ(refusal("all,p6"), "--profile p6: there are two profiles of this name; give each once, or another name to one of the files");
    const std::string one = file("mine"), two = file("mine");
    EXPECT_EQ(refusal(one + "," + two), "--profile mine: there are two profiles of this name; give each once, or another name to one of the files");
    EXPECT_EQ(refusal("all," + one + "," + file("yours")), "--profile: these are 15 profiles; a recording holds at most 14");
    EXPECT_EQ(refusal("./none.toml"), "./none.toml: cannot be read; `zonescope profiles` lists the profiles that exist");
}

TEST_F(ProfileSelection, ABuiltInNameNeedsTheBuiltInTlbs) {
    EXPECT_EQ(selected(file("p6", "best = 100", "best = 101")), std::vector<std::string>{"p6"}) << "other costs are fine";
    const std::string other = file("p6", "entries = { best = 64", "entries = { best = 128");
    EXPECT_EQ(refusal(other), other + ": 'p6' is the name of a built-in profile with other TLBs; give this one a name of its own");
}

TEST_F(ProfileSelection, AreKeptWithTheTraceAndFoundAgain) {
    const std::vector<tools::Profile> profiles = tools::select_profiles({"p5", file("mine", "best = 100", "best = 101")}, "--profile");
    tools::keep_profiles(profiles, directory.path());
    tools::RunInfo run;
    run.profiles = {"mine", "p5", "p4"};
    const std::vector<tools::Profile> found = tools::profiles_of(directory.path(), run);
    EXPECT_EQ(names_of(found), run.profiles);
    EXPECT_EQ(found[0].mov_cr3.best, 101) << "as it was when it was recorded";
    EXPECT_EQ(found[1].text, profiles[0].text);
    EXPECT_EQ(found[1].file, directory.path() / ".zonescope/profiles/p5.toml");
    EXPECT_EQ(found[2].file, tools::find_profile("p4").file) << "not kept, but built in";
    run.profiles = {"yours"};
    EXPECT_THROW((void)tools::profiles_of(directory.path(), run), tools::InputError);
}

TEST_F(ProfileSelection, ThePluginGetsTheGeometryOfAUsersProfileOnly) {
    tools::MachineOptions machine;
    machine.trace = "/t", machine.image = "/i";
    for (const tools::Profile& p : tools::select_profiles({"k7", file("mine")}, "--profile"))
        machine.profiles.push_back({p.name, tools::is_built_in(p) ? "" : tools::geometry_text(p)});
    EXPECT_NE(tools::bochsrc_text(machine).find(", profile=k7, geometry=\"mine:g:32/4l+2/2l:64/4l+8/4l:-:-:n:-\""), std::string::npos)
        << tools::bochsrc_text(machine);
}

}  // namespace
