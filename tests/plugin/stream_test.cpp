// SPDX-License-Identifier: LGPL-2.1-or-later
// Packets: where they are cut, and that what was written reads back.
#include "bochs-plugin/stream.h"
#include "bochs-plugin/trace_file.h"

#include <gtest/gtest.h>

#include <vector>

#include "temporary_directory.hpp"

namespace plugin {
namespace {

using namespace mm;
using namespace mm::trace;

struct Packet {
    PacketHeader header;
    std::vector<uint64_t> times;
    std::vector<uint32_t> marks;
};

// Whole packets of a stream file; the rest of the file, if any, is left out.
std::vector<Packet> read_packets(const std::string& path) {
    const std::string bytes = contents_of(path);
    std::vector<Packet> packets;
    for (size_t at = 0; at + sizeof(PacketHeader) <= bytes.size();) {
        Packet p;
        memcpy(&p.header, bytes.data() + at, sizeof p.header);
        const size_t size = p.header.packet_bits / 8;
        if (at + size > bytes.size()) break;
        const auto* content = reinterpret_cast<const uint8_t*>(bytes.data() + at);
        Decoder decoder;
        decoder.begin_packet(content + packet_header_bytes, content + size, p.header.begin_ticks);
        DecodeStatus status;
        while ((status = decoder.next([&](uint64_t time, const auto& event) {
                    p.times.push_back(time);
                    if constexpr (std::is_same_v<std::decay_t<decltype(event)>, Mark>) p.marks.push_back(event.value);
                })) == DecodeStatus::event) {}
        EXPECT_EQ(status, DecodeStatus::end);
        packets.push_back(p);
        at += size;
    }
    return packets;
}

class StreamTest : public testing::Test {
protected:
    void SetUp() override { ASSERT_TRUE(file.open(path)); }

    TemporaryDirectory directory;
    const std::string path = directory / "cpu0";
    TraceFile file;
    State state;
    int failures = 0;
    Stream stream{file, 3, state, [this] { ++failures; }};
};

TEST_F(StreamTest, PacketsBeginWithTheState) {
    stream.record(1000, Mark{7});
    stream.close_packet();
    const auto packets = read_packets(path);
    ASSERT_EQ(packets.size(), 1u);
    EXPECT_EQ(packets[0].header.cpu, 3u);
    EXPECT_EQ(packets[0].times, (std::vector<uint64_t>{1000, 1000})) << "the state, then the mark";
    EXPECT_EQ(packets[0].marks, std::vector<uint32_t>{7});
}

TEST_F(StreamTest, CutsBySize) {
    for (uint32_t n = 0; n < 20000; ++n) stream.record(n, Mark{n});
    stream.close_packet();
    const auto packets = read_packets(path);
    ASSERT_GT(packets.size(), 1u);
    uint32_t expected = 0;
    for (size_t n = 0; n < packets.size(); ++n) {
        EXPECT_EQ(packets[n].header.sequence, n);
        EXPECT_LE(packets[n].header.packet_bits / 8, max_packet_bytes);
        EXPECT_EQ(packets[n].header.begin_ticks, packets[n].times.front());
        EXPECT_EQ(packets[n].header.end_ticks, packets[n].times.back());
        for (uint32_t mark : packets[n].marks) EXPECT_EQ(mark, expected++);
    }
    EXPECT_EQ(expected, 20000u);
}

TEST_F(StreamTest, CutsByTicks) {
    stream.record(5, Mark{1});
    stream.record(4 + max_packet_ticks, Mark{2});
    stream.record(5 + max_packet_ticks, Mark{3});
    stream.close_packet();
    const auto packets = read_packets(path);
    ASSERT_EQ(packets.size(), 2u);
    EXPECT_EQ(packets[0].marks, (std::vector<uint32_t>{1, 2}));
    EXPECT_EQ(packets[0].header.end_ticks, 4 + max_packet_ticks);
    EXPECT_EQ(packets[1].header.begin_ticks, 5 + max_packet_ticks);
}

TEST_F(StreamTest, TimeNeverGoesBack) {
    stream.record(50, Mark{1});
    stream.record(40, Mark{2});
    stream.close_packet();
    EXPECT_EQ(read_packets(path)[0].times, (std::vector<uint64_t>{50, 50, 50}));
}

TEST_F(StreamTest, AKilledRecordingReadsToItsLastPacket) {
    for (uint32_t n = 0; n < 20000; ++n) stream.record(n, Mark{n});
    const size_t whole = read_packets(path).size();
    EXPECT_GT(whole, 0u) << "written before the stream is closed";
    stream.close_packet();
    std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
    EXPECT_EQ(read_packets(path).size(), whole);
}

TEST(Stream, ReportsAFullDiskOnce) {
    TraceFile file;
    ASSERT_TRUE(file.open("/dev/full"));
    State state;
    int failures = 0;
    Stream stream{file, 0, state, [&] { ++failures; }};
    for (uint32_t n = 0; n < 40000; ++n) stream.record(n, Mark{n});
    stream.close_packet();
    EXPECT_EQ(failures, 1);
}

}  // namespace
}  // namespace plugin
