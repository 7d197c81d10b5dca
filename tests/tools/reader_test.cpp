// SPDX-License-Identifier: LGPL-2.1-or-later
// Damaged traces: cut anywhere, changed anywhere, or random. An error with an offset, never a crash, never silence.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstring>

#include "small_trace.hpp"
#include "tests/seed.hpp"
#include "tools/checker.hpp"
#include "tools/conservation.hpp"
#include "tools/dump.hpp"

#include <sstream>

namespace {

using tests::SmallTrace;

struct Outcome {
    bool sound = false;
    uint64_t events = 0, notes = 0;
    std::string complaint;
};

// Everything that reads a trace, one after the other.
Outcome read_everything(const std::filesystem::path& directory) {
    Outcome outcome;
    try {
        tools::Trace trace{directory};
        const tools::CheckReport report = check_trace(trace);
        outcome.events = report.events, outcome.notes = report.notes.size();
        outcome.sound = true;
    } catch (const tools::Error& e) {
        outcome.complaint = e.what();
    }
    try {
        tools::Trace trace{directory};
        tools::check_conservation(collect_statistics(trace, {tools::find_profile("p6")}), "test");
    } catch (const tools::TraceError&) {
        EXPECT_FALSE(outcome.sound) << "check found nothing wrong";
    } catch (const tools::InputError&) {
    }
    try {
        tools::Trace trace{directory};
        std::ostringstream text;
        tools::dump(trace, {}, false, text);
        tools::Trace again{directory};
        tools::dump(again, {}, true, text);
    } catch (const tools::Error&) {
    }
    return outcome;
}

Outcome read_bytes(const std::string& stream, bool complete) {
    const tests::TemporaryDirectory directory;
    tests::write_trace(directory.path(), stream, SmallTrace::run_json(complete));
    return read_everything(directory.path());
}

// What `stat` says; empty if it found nothing wrong.
std::string complaint_of_stat(const std::string& stream, bool complete) {
    const tests::TemporaryDirectory directory;
    tests::write_trace(directory.path(), stream, SmallTrace::run_json(complete));
    try {
        tools::Trace trace{directory.path()};
        (void)collect_statistics(trace, {tools::find_profile("p6")});
    } catch (const tools::TraceError& e) {
        return e.what();
    }
    return {};
}

#ifdef __has_feature
constexpr bool sanitized = __has_feature(address_sanitizer);
#else
constexpr bool sanitized = false;
#endif

// Where a stream of `size` bytes is damaged: everywhere. With sanitizers, where reading takes thirty times as long: at every fifth byte from
// one of the first five on, a different one in every run.
std::vector<size_t> damaged_at(size_t size) {
    const size_t step = sanitized ? 5 : 1;
    std::vector<size_t> places;
    for (size_t at = tests::seed() % step; at < size; at += step) places.push_back(at);
    return places;
}

constexpr size_t small_packets = 480;  // bytes: several packets in the small trace

TEST(Reader, StatFindsAStreamThatIsEmptyOrLostItsLastPackets) {
    EXPECT_NE(complaint_of_stat("", true).find("cpu0: offset 0: the stream is empty"), std::string::npos);
    EXPECT_NE(complaint_of_stat("", false).find("cpu0: offset 0: the stream is empty"), std::string::npos);
    const std::string whole = SmallTrace::stream(small_packets);
    EXPECT_EQ(complaint_of_stat(whole, true), "");
    mm::trace::PacketHeader first;
    std::memcpy(&first, whole.data(), sizeof first);
    const std::string cut = whole.substr(0, first.packet_bits / 8);
    ASSERT_LT(cut.size(), whole.size());
    EXPECT_NE(complaint_of_stat(cut, true).find("cut short after the recording ended"), std::string::npos);
    EXPECT_EQ(complaint_of_stat(cut, false), "");
}

TEST(Reader, ANamedPipeIsNoStream) {
    const tests::TemporaryDirectory directory;
    SmallTrace::write(directory.path());
    std::filesystem::remove(directory.path() / "cpu0");
    ASSERT_EQ(mkfifo((directory.path() / "cpu0").c_str(), 0600), 0);
    EXPECT_THROW(tools::Trace{directory.path()}, tools::InputError);
}

TEST(Reader, ReadsThroughAllPackets) {
    EXPECT_EQ(read_bytes(SmallTrace::stream(), true).complaint, "");
    const Outcome outcome = read_bytes(SmallTrace::stream(small_packets), true);
    EXPECT_EQ(outcome.complaint, "");
    EXPECT_GT(outcome.events, 32u) << "each packet begins with a state event";
}

TEST(Reader, ACompleteTraceCutAnywhereIsBrokenWithAnOffset) {
    const std::string whole = SmallTrace::stream(small_packets);
    for (const size_t size : damaged_at(whole.size())) {
        const Outcome outcome = read_bytes(whole.substr(0, size), true);
        ASSERT_FALSE(outcome.sound) << "cut at " << size;
        ASSERT_NE(outcome.complaint.find("cpu0: offset "), std::string::npos) << outcome.complaint;
    }
}

TEST(Reader, AKilledRecordingCutAnywhereIsSoundUpToItsLastPacket) {
    const std::string whole = SmallTrace::stream(small_packets);
    uint64_t most_events = 0;
    for (const size_t size : damaged_at(whole.size() + 1)) {
        const Outcome outcome = read_bytes(whole.substr(0, size), false);
        EXPECT_TRUE(!outcome.sound || outcome.notes >= 1) << "it says that it is incomplete";
        EXPECT_TRUE(outcome.sound || most_events == 0) << "cut at " << size << ": " << outcome.complaint;
        EXPECT_GE(outcome.events, outcome.sound ? most_events : 0);
        if (outcome.sound) most_events = outcome.events;
    }
    EXPECT_GT(most_events, 32u);
}

TEST(Reader, AnyChangedByteIsFoundOrHarmless) {
    const std::string whole = SmallTrace::stream(small_packets);
    std::mt19937_64 random{tests::seed()};
    for (const size_t at : damaged_at(whole.size())) {
        std::string changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ (1 + random() % 255));
        const Outcome outcome = read_bytes(changed, random() % 2 == 0);
        ASSERT_TRUE(outcome.sound || outcome.complaint.find("offset ") != std::string::npos) << "byte " << at << ": " << outcome.complaint;
    }
}

TEST(Reader, RandomBytesGiveAnErrorWithAnOffset) {
    std::mt19937_64 random{tests::seed()};
    for (int round = 0; round < 300; ++round) {
        std::string bytes(1 + random() % 600, '\0');
        for (char& b : bytes) b = static_cast<char>(random());
        // Half of them look like a packet, so that the events are reached.
        if (round % 2 && bytes.size() > mm::trace::packet_header_bytes) {
            mm::trace::PacketHeader h;
            h.content_bits = h.packet_bits = 8 * bytes.size();
            h.end_ticks = ~uint64_t{0};
            std::memcpy(bytes.data(), &h, sizeof h);
        }
        const Outcome outcome = read_bytes(bytes, true);
        ASSERT_FALSE(outcome.sound);
        ASSERT_NE(outcome.complaint.find("cpu0: offset "), std::string::npos) << outcome.complaint;
    }
}

TEST(Reader, DamagedSideFilesAreNamed) {
    const tests::TemporaryDirectory directory;
    SmallTrace::write(directory.path());
    tests::write_file(directory.path() / "metadata", "");
    EXPECT_NE(read_everything(directory.path()).complaint.find("metadata: offset 0: is not CTF 1.8"), std::string::npos);
    tests::write_file(directory.path() / "metadata", "/* CTF 1.8 */ trace_version = 99;");
    EXPECT_NE(read_everything(directory.path()).complaint.find("trace version 99, but this zonescope reads version 4"), std::string::npos);
    tests::write_file(directory.path() / "metadata", tests::metadata() + " ");
    EXPECT_NE(read_everything(directory.path()).complaint.find("differs from the metadata"), std::string::npos);
    SmallTrace::write(directory.path());
    tests::write_file(directory.path() / ".zonescope/run.json", "{\"schema\": 1, ");
    EXPECT_NE(read_everything(directory.path()).complaint.find("run.json: offset "), std::string::npos);
    tests::write_file(directory.path() / ".zonescope/run.json", "{\"schema\": 1, \"cpus\": -1}");
    EXPECT_NE(read_everything(directory.path()).complaint.find("key 'cpus' must be a whole number"), std::string::npos);
    tests::write_file(directory.path() / ".zonescope/run.json", "{\"schema\": 1, \"zones\": [{\"name\": 7}]}");
    EXPECT_NE(read_everything(directory.path()).complaint.find("key 'zones[0].name' must be a string"), std::string::npos);
    std::filesystem::remove(directory.path() / ".zonescope/run.json");
    EXPECT_NE(read_everything(directory.path()).complaint.find("run.json: cannot be read"), std::string::npos);
}

}  // namespace
