// SPDX-License-Identifier: LGPL-2.1-or-later
// The profiles that come with zonescope are whole and honest, and agree with what the model simulates.
#include <gtest/gtest.h>

#include "tools/error.hpp"
#include "tools/profile.hpp"
#include "tools/profile_keys.hpp"

namespace {

void expect_honest(const tools::Figure& f, const std::string& what) {
    EXPECT_FALSE(f.source.empty()) << what;
    EXPECT_TRUE(f.low <= f.best && f.best <= f.high) << what;
    EXPECT_TRUE(!f.assumed() || f.low < f.high) << what << ": an assumption has an interval";
}

TEST(Profile, EveryFigureHasASourceAndAnHonestInterval) {
    for (const tools::Profile& p : tools::all_profiles()) {
        for (const tools::FigureKey& k : tools::figure_keys) expect_honest(p.*k.at, p.name + ' ' + k.table + '.' + k.key);
        for (const tools::TlbKey& k : tools::tlb_keys) {
            const tools::TlbFigures& t = p.*k.at;
            if (!t.exists()) {
                if (!t.entries.source.empty()) expect_honest(t.entries, p.name + ' ' + k.key + ".entries");
                continue;
            }
            expect_honest(t.entries, p.name + ' ' + k.key + ".entries");
            expect_honest(t.ways, p.name + ' ' + k.key + ".ways");
            EXPECT_FALSE(t.replacement.source.empty()) << p.name << ' ' << k.key;
        }
    }
}

// The tables of CPUs before Bonnell list no cache of directory entries, which is not to say that there is none.
TEST(Profile, TheAbsenceOfAPdeCacheIsAssumed) {
    for (const tools::Profile& p : tools::all_profiles()) {
        if (p.pde_cache.exists()) continue;
        EXPECT_TRUE(p.pde_cache.entries.assumed()) << p.name;
        EXPECT_GT(p.pde_cache.entries.high, 0) << p.name;
    }
}

TEST(Profile, AFileIsNamedAfterItsProfile) {
    for (const tools::Profile& p : tools::all_profiles()) EXPECT_EQ(p.file.stem(), p.name);
}

TEST(Profile, UnknownNamesGetTheKnownOnes) {
    try {
        (void)tools::find_profile("p9");
        FAIL();
    } catch (const tools::InputError& e) {
        EXPECT_STREQ(e.what(), "profile 'p9': no such CPU profile; known: i486, p5, p5mmx, p6, p4, pentium-m, bonnell, core2, nehalem, skylake, "
                               "k7, k8, geode-lx, or give the path of a .toml file");
    }
}

}  // namespace
