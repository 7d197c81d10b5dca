// SPDX-License-Identifier: LGPL-2.1-or-later
// Conservation in the modelled TLBs: each rule broken once.
#include <gtest/gtest.h>

#include "complaint.hpp"

namespace {

namespace trace = mm::trace;
using tests::complaint;
using tests::good_walk;
using mm::RefillCause;

constexpr const char* two = R"("p6", "skylake")";  // without and with a second level

trace::ModelWalk walk_of(uint16_t profiles, uint16_t cached = 0) {
    trace::ModelWalk w = good_walk();
    w.profiles = profiles, w.cached = cached;
    return w;
}

// The counters of both profiles after one walk of each and one hit of the second level.
trace::Counters p6{0, 9, {5, 0, 0}, {7, 1, 1}}, skylake{1, 9, {5, 0, 0}, {7, 2, 1}};

std::string with(const trace::Counters& first, const trace::Counters& second) {
    return complaint([&](auto& b) { b.add(1, good_walk()), b.add(2, trace::SecondHits{1, 1}), b.add(9, first), b.add(9, second); }, two);
}
std::string with(const trace::ModelWalk& w) { return complaint([&](auto& b) { b.add(1, w); }, two); }
std::string with(const trace::Flush& f) { return complaint([&](auto& b) { b.add(1, f); }, two); }
std::string with(const trace::SecondHits& h) { return complaint([&](auto& b) { b.add(1, h); }, two); }

TEST(ModelChecker, CountersThatAddUpAreSound) { EXPECT_EQ(with(p6, skylake), ""); }

TEST(ModelChecker, LookupsAreHitsAndMissesAtEveryLevel) {
    EXPECT_EQ(with({0, 9, {5, 6, 0}, {7, 1, 1}}, skylake), "counters: instruction misses are more than lookups");
    EXPECT_EQ(with({0, 9, {5, 0, 0}, {7, 1, 2}}, skylake), "counters: data walks are more than misses");
    EXPECT_EQ(with({0, 9, {5, 0, 0}, {7, 2, 1}}, skylake), "counters: data misses are not walks, though there is no second level");
    EXPECT_EQ(with({0, 9, {5, 1, 1}, {7, 1, 1}}, skylake), "counters: 1 instruction and 1 data walks, but 0 and 1 are in the trace");
    EXPECT_EQ(with(p6, {1, 9, {5, 0, 0}, {7, 3, 1}}), "counters: 3 misses, but 1 hits of the second level and 1 walks are in the trace");
}

TEST(ModelChecker, AllProfilesSeeTheSameLookups) {
    EXPECT_EQ(with(p6, {1, 9, {5, 0, 0}, {8, 2, 1}}), "counters: other lookups than those of another profile at the same time");
    EXPECT_EQ(complaint([](auto& b) { b.add(1, trace::Counters{3, 2, {5, 0, 0}, {5, 0, 0}}); }), "counters: of a profile that was not recorded");
}

TEST(ModelChecker, CountersDoNotGoBack) {
    const auto then = [](const trace::Counters& before, const trace::Counters& after) { return complaint([&](auto& b) { b.add(1, before), b.add(2, after); }, two); };
    EXPECT_EQ(then({0, 2, {5, 0, 0}, {5, 0, 0}}, {0, 2, {4, 0, 0}, {5, 0, 0}}), "counters: instruction lookups go back");
    EXPECT_EQ(then({0, 2, {5, 0, 0}, {5, 0, 0}}, {0, 1, {5, 0, 0}, {5, 0, 0}}), "counters: instruction count goes back");
    EXPECT_EQ(complaint([](auto& b) {
                  b.add(1, trace::SecondHits{1, 1});
                  b.add(2, trace::Counters{1, 2, {5, 1, 0}, {5, 0, 0}}), b.add(3, trace::Counters{1, 3, {5, 0, 0}, {5, 1, 0}});
              }, two),
              "counters: instruction misses go back");
}

TEST(ModelChecker, ReferencesAreTheLookups) {
    constexpr auto word = trace::Reference{mm::Vpn{5}, {mm::AccessKind::read, true}, 6}.encode();
    const uint8_t bytes[] = {word & 0xFF, word >> 8 & 0xFF, word >> 16 & 0xFF, word >> 24};
    const auto counted = [&](uint64_t fetches, uint64_t data) {
        return complaint([&](auto& b) { b.add(1, trace::References{1, bytes}), b.add(2, trace::Counters{0, 2, {fetches, 0, 0}, {data, 0, 0}}); });
    };
    EXPECT_EQ(counted(0, 7), "");
    EXPECT_EQ(counted(0, 6), "counters: 0 instruction and 6 data lookups, but the references are 0 and 7");
    EXPECT_EQ(counted(1, 7), "counters: 1 instruction and 7 data lookups, but the references are 0 and 7");
}

TEST(ModelChecker, WalksHaveACauseAndProfiles) {
    EXPECT_EQ(with(walk_of(2, 2)), "");
    EXPECT_EQ(with(walk_of(4)), "model_walk: of a profile that was not recorded");
    EXPECT_EQ(with(walk_of(0)), "model_walk: of a profile that was not recorded");
    EXPECT_EQ(with(walk_of(1, 2)), "profile_walk: a cached directory entry of a profile that did not walk");
    EXPECT_EQ(with(walk_of(1, 1)), "profile_walk: p6 has no cache of directory entries");
    trace::ModelWalk served = good_walk();
    served.cause = RefillCause::fault;
    EXPECT_EQ(with(served), "model_walk: the cause is fault exactly if the walk faults");
    trace::ModelWalk hole = walk_of(2, 2);
    hole.walk.reads = 0, hole.walk.fault = true, hole.walk.pde = hole.walk.pte = 0, hole.cause = RefillCause::evicted;
    EXPECT_NE(with(hole), "");
}

TEST(ModelChecker, FlushesDropWhatTheProfileHas) {
    EXPECT_EQ(with(trace::Flush{RefillCause::invlpg, 1, {1, 0, 1, 1}}), "");
    EXPECT_EQ(with(trace::Flush{RefillCause::invlpg, 2, {1, 0, 0, 0}}), "flush: of a profile that was not recorded");
    EXPECT_EQ(with(trace::Flush{RefillCause::evicted, 0, {1, 0, 0, 0}}), "flush: evicted is no flush");
    EXPECT_EQ(with(trace::Flush{RefillCause::smm, 0, {0, 0, 0, 0}}), "flush: it dropped nothing");
    EXPECT_EQ(with(trace::Flush{RefillCause::smm, 0, {35, 0, 0, 0}}), "flush: it dropped more than p6 has entries");
    EXPECT_EQ(with(trace::Flush{RefillCause::smm, 0, {0, 73, 0, 0}}), "flush: it dropped more than p6 has entries");
    EXPECT_EQ(with(trace::Flush{RefillCause::smm, 0, {0, 0, 1, 0}}), "flush: it dropped more than p6 has entries");
    EXPECT_EQ(with(trace::Flush{RefillCause::smm, 0, {0, 0, 0, 1}}), "flush: it dropped more than p6 has entries");
}

TEST(ModelChecker, SecondHitsAreThoseOfASecondLevel) {
    EXPECT_EQ(with(trace::SecondHits{1, 7}), "");
    EXPECT_EQ(with(trace::SecondHits{0, 7}), "second_hits: p6 has no second level");
    EXPECT_EQ(with(trace::SecondHits{1, 0}), "second_hits: of none");
    EXPECT_EQ(with(trace::SecondHits{2, 1}), "second_hits: of a profile that was not recorded");
}

}  // namespace
