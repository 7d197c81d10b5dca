// SPDX-License-Identifier: LGPL-2.1-or-later
// Moments of a recording, reached in any order, against the same moments read from the beginning; and sums against those of `stat`.
#include <gtest/gtest.h>

#include <random>

#include "tests/seed.hpp"
#include "tests/tools/small_trace.hpp"
#include "tests/tools/test_paths.hpp"
#include "tests/view/random_trace.hpp"
#include "tests/view/snapshot_text.hpp"
#include "tools/profile_selection.hpp"
#include "tools/statistics.hpp"
#include "tools/view/checkpoints.hpp"
#include "tools/view/trace_source.hpp"

namespace {

using tests::TemporaryDirectory;
using tools::view::Snapshot;
using tools::view::TraceSource;

void expect_sums_of_stat(const std::filesystem::path& directory, const std::string& profile) {
    tools::Trace trace{directory};
    const tools::Statistics stat = collect_statistics(trace, {tools::profile_of(directory, profile)});
    TraceSource source{directory, profile};
    const Snapshot& s = source.snapshot();
    ASSERT_EQ(s.zones.size(), stat.zones.size());
    ASSERT_EQ(s.regions.size(), stat.regions.size());
    for (size_t z = 0; z < s.zones.size(); ++z) {
        EXPECT_EQ(s.zones[z].walks, stat.zones[z].walks[0].walks) << z;
        EXPECT_EQ(s.zones[z].fills, stat.zones[z].observed_fills) << z;
        EXPECT_EQ(s.zones[z].cycles, walk_cycles(stat.zones[z].walks[0], stat.profiles[0]).best) << z;
    }
    for (size_t r = 0; r < s.regions.size(); ++r) {
        EXPECT_EQ(s.regions[r].walks, stat.regions[r].walks[0].walks) << r;
        EXPECT_EQ(s.regions[r].fills, stat.regions[r].observed_fills) << r;
    }
    EXPECT_EQ(s.events, stat.events);
    EXPECT_EQ(s.instructions, stat.total.events.instructions);
    EXPECT_EQ(s.tick, stat.last_tick);
}

TEST(TraceSource, SumsAtTheEndAreThoseOfStat) { expect_sums_of_stat(tests::data_directory() / "small", "p6"); }

TEST(TraceSource, SumsOfARandomTraceAreThoseOfStat) {
    std::mt19937 random{tests::seed()};
    TemporaryDirectory directory;
    for (int run = 0; run < 8; ++run) {
        tests::RandomTrace::write(directory.path(), random, 4000, 2048);
        for (const char* profile : {"p6", "k7"}) expect_sums_of_stat(directory.path(), profile);
    }
}

// The same moment of a source that has been nowhere else, and has no checkpoints before it.
std::string from_the_beginning(const std::filesystem::path& directory, const std::string& profile, uint64_t tick) {
    TraceSource fresh{directory, profile};
    fresh.seek(tick);
    return tests::text_of(fresh.snapshot());
}

TEST(TraceSource, ShowsTheSameMomentOnEveryWayToIt) {
    std::mt19937 random{tests::seed()};
    TemporaryDirectory directory;
    for (int run = 0; run < 6; ++run) {
        tests::RandomTrace::write(directory.path(), random, 6000, 1024, run % 2 == 0);
        std::string profile = "p6";
        TraceSource source{directory.path(), profile};
        for (int n = 0; n < 40; ++n) {
            const auto extent = source.extent();
            const uint64_t tick = extent.first + random() % (extent.last - extent.first + 1);
            switch (random() % 5) {
            case 0: source.seek(tick); break;
            case 3: source.seek(tick), (void)source.approach(std::chrono::milliseconds{0}); break;
            case 1: source.advance(random() % 500); break;
            case 2: (void)source.poll(); break;
            default:
                profile = random() % 2 ? "p6" : "k7";
                source.set_profile(profile);
                source.seek(tick);
            }
            const Snapshot& s = source.snapshot();
            if (n % 4) continue;
            ASSERT_EQ(tests::text_of(s), from_the_beginning(directory.path(), profile, s.tick)) << "run " << run << ", moment " << n;
        }
    }
}

// How far a seek has to read is how far they are apart.
TEST(Checkpoints, AreCloseTogetherInALongRecording) {
    constexpr size_t packets = 2100, most_apart = 8;  // a hundred and more million bytes
    tools::view::Recording recording{tools::RunInfo{}, nullptr, 0, false, 1};
    tools::view::Checkpoints checkpoints;
    for (size_t n = 0; n < packets; ++n)
        if (checkpoints.wants(n)) checkpoints.add({{n, 0}, tools::view::Follower{recording}, nullptr});
    EXPECT_LE(checkpoints.count(), tools::view::Checkpoints::most);
    for (size_t n = most_apart; n < packets; ++n) {
        const auto* const before = checkpoints.before({n, 0});
        ASSERT_TRUE(before) << n;
        ASSERT_LE(n - before->at.packet, most_apart) << n;
    }
}

// A window asks so while it opens a long recording.
TEST(TraceSource, GoesToAMomentInPieces) {
    std::mt19937 random{tests::seed()};
    TemporaryDirectory directory;
    tests::RandomTrace::write(directory.path(), random, 6000, 1024, false);
    TraceSource source{directory.path(), "p6"};
    const uint64_t last = source.extent().last;
    unsigned pieces = 0;
    double before = -1;
    for (double share = 0; (share = source.approach(std::chrono::milliseconds{0})) < 1; ++pieces, before = share) {
        ASSERT_GE(share, before);
        if (pieces != 3) continue;
        source.seek(source.extent().first);
        ASSERT_EQ(source.approach(std::chrono::milliseconds{0}), 1) << "the beginning is known already";
        ASSERT_EQ(source.snapshot().tick, source.extent().first);
        source.seek(last), before = -1;
    }
    EXPECT_GT(pieces, 3u);
    EXPECT_EQ(tests::text_of(source.snapshot()), from_the_beginning(directory.path(), "p6", last));
    ASSERT_TRUE(source.step(-1));
    const std::string between = tests::text_of(source.snapshot());
    source.set_profile("k7");
    while (source.approach(std::chrono::milliseconds{0}) < 1) {}
    EXPECT_EQ(source.snapshot().profile, "k7");
    source.set_profile("p6");
    EXPECT_EQ(tests::text_of(source.snapshot()), between) << "the same event, by the other profile and back";
}

// Stepping forward shows every event once, backward the same ones, each as dump prints it.
TEST(TraceSource, StepsAreEvents) {
    std::mt19937 random{tests::seed()};
    TemporaryDirectory directory;
    tests::RandomTrace::write(directory.path(), random, 800, 512);
    TraceSource source{directory.path()};
    std::vector<std::string> backward{source.snapshot().last.text}, states{tests::text_of(source.snapshot())};
    while (source.step(-1)) backward.push_back(source.snapshot().last.text), states.push_back(tests::text_of(source.snapshot()));
    EXPECT_EQ(source.snapshot().events, 1u);
    std::vector<std::string> forward{source.snapshot().last.text};
    while (source.step(1)) {
        forward.push_back(source.snapshot().last.text);
        ASSERT_EQ(tests::text_of(source.snapshot()), states[states.size() - forward.size()]);
    }
    ASSERT_EQ(forward.size(), source.snapshot().events);
    EXPECT_TRUE(std::equal(forward.begin(), forward.end(), backward.rbegin(), backward.rend()));
    EXPECT_FALSE(source.step(1));
}

TEST(TraceSource, StepsHonourTheFilter) {
    TraceSource source{tests::data_directory() / "small"};
    source.seek(0);
    source.set_filter("zone=HIGHMEM");
    std::vector<uint64_t> ticks;
    while (source.step(1)) ticks.push_back(source.snapshot().tick);
    EXPECT_EQ(ticks, (std::vector<uint64_t>{2030, 2031, 2050}));
    source.set_filter("event=flush --from 2012");
    ASSERT_TRUE(source.step(-1));
    EXPECT_EQ(source.snapshot().tick, 2041u);
    EXPECT_EQ(source.snapshot().last.kind, "flush");
    EXPECT_FALSE(source.step(-1));
    EXPECT_EQ(source.snapshot().tick, 2041u) << "nothing moves if there is no such event";
    EXPECT_THROW(source.set_filter("zone=SOUTH"), tools::Error);
    EXPECT_FALSE(source.step(-1)) << "the filter is what it was";
    source.set_filter("");
    ASSERT_TRUE(source.step(-1));
    EXPECT_EQ(source.snapshot().tick, 2040u);
}

TEST(TraceSource, FollowsARecordingThatGrows) {
    TemporaryDirectory directory;
    const std::string whole = tests::SmallTrace::stream(200);
    tests::write_trace(directory.path(), whole.substr(0, 0), tests::SmallTrace::run_json(false));
    TraceSource source{directory.path()};
    EXPECT_TRUE(source.live());
    EXPECT_EQ(source.snapshot().events, 0u);
    uint64_t last = 0;
    for (size_t bytes = 0; bytes < whole.size(); bytes += 97) {
        tests::write_file(directory.path() / "cpu0", whole.substr(0, bytes));
        (void)source.poll();
        source.seek(UINT64_MAX);
        EXPECT_GE(source.snapshot().tick, last);
        last = source.snapshot().tick;
    }
    tests::write_trace(directory.path(), whole, tests::SmallTrace::run_json(true));
    std::filesystem::last_write_time(directory.path() / ".zonescope/run.json", std::filesystem::file_time_type::clock::now() + std::chrono::seconds{5});
    EXPECT_TRUE(source.poll());
    EXPECT_FALSE(source.live());
    source.seek(UINT64_MAX);
    EXPECT_EQ(tests::text_of(source.snapshot()), from_the_beginning(directory.path(), "p6", UINT64_MAX));
}

// Before the first walk there are no references yet in a recording that will have them.
TEST(TraceSource, FindsReferencesThatComeLater) {
    namespace trace = mm::trace;
    const auto stream = [](bool walked) {
        tests::StreamBuilder b{tests::SmallTrace::state(), 4096};
        b.add(100, trace::Mark{1});
        const uint32_t w = trace::Reference{mm::Vpn{16}, {mm::AccessKind::read, true}, 0}.encode();
        const uint8_t bytes[] = {static_cast<uint8_t>(w), static_cast<uint8_t>(w >> 8), static_cast<uint8_t>(w >> 16), static_cast<uint8_t>(w >> 24)};
        if (!walked) return b.bytes();
        b.add(200, trace::References{1, bytes});
        b.add(200, tests::SmallTrace::walk(16 << mm::page_shift, mm::AccessKind::read, true, 0x2067, 0x10067, mm::RefillCause::first_touch));
        return b.bytes();
    };
    TemporaryDirectory directory;
    for (const std::string& before : {std::string{}, stream(false)}) {
        tests::write_trace(directory.path(), before, tests::SmallTrace::run_json(false));
        TraceSource source{directory.path(), "p6"};
        EXPECT_FALSE(source.snapshot().tlbs_exact);
        tests::write_file(directory.path() / "cpu0", stream(true));
        (void)source.poll();
        source.seek(UINT64_MAX);
        EXPECT_TRUE(source.snapshot().tlbs_exact);
        EXPECT_EQ(tests::text_of(source.snapshot()), from_the_beginning(directory.path(), "p6", UINT64_MAX));
    }
}

TEST(TraceSource, RefusesWhatTheRecordingDoesNotHave) {
    const auto small = tests::data_directory() / "small";
    EXPECT_THROW((TraceSource{small, "k7"}), tools::Error);
    EXPECT_THROW((TraceSource{small, "", 1}), tools::Error);
    EXPECT_THROW((TraceSource{small / "nothing"}), tools::Error);
    TraceSource source{small};
    EXPECT_THROW(source.set_profile("z80"), tools::Error);
    EXPECT_EQ(source.snapshot().profile, "p6") << "and the moment stays";
}

// Whatever the bytes are: a message or a picture, and no crash.
TEST(TraceSource, BearsDamage) {
    std::mt19937 random{tests::seed()};
    TemporaryDirectory directory;
    for (int run = 0; run < 60; ++run) {
        tests::RandomTrace::write(directory.path(), random, 300, 512, run % 2 == 0);
        std::string bytes = tests::read_file(directory.path() / "cpu0");
        for (unsigned n = 1 + random() % 4; n; --n) bytes[random() % bytes.size()] = static_cast<char>(random());
        if (random() % 4 == 0) bytes.resize(random() % bytes.size());
        tests::write_file(directory.path() / "cpu0", bytes);
        try {
            TraceSource source{directory.path()};
            for (int n = 0; n < 6; ++n) {
                source.seek(random() % 20000);
                (void)source.step(random() % 2 ? 1 : -1);
                (void)source.poll();
                EXPECT_LE(source.extent().first, source.snapshot().tick);
                (void)source.inspect(mm::VirtAddr{static_cast<uint32_t>(random())});
            }
        } catch (const tools::Error&) {}
    }
}

}  // namespace
