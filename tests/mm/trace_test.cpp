// SPDX-License-Identifier: LGPL-2.1-or-later
// The trace: every event round-trips, the bytes are those that the event table declares, and no bytes make the decoder
// read beyond its packet.
#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "../seed.hpp"
#include "mm/trace_codec.hpp"
#include "mm/trace_tsdl.hpp"

namespace {

using namespace mm;
using namespace mm::trace;

using Event = std::variant<State, ControlWrite, TaskSwitch, InvalidatePage, PdpteLoad, ObservedWalk, ModelWalk, PageFault, Flush, Interrupt,
                           InterruptReturn, SpanName, SpanEdge, Mark, Counters, SecondHits, FastCall, References, Stale, StaleUses, EntryWrite>;

struct Collect {
    std::vector<std::pair<uint64_t, Event>>& out;
    template <class E> void operator()(uint64_t time, const E& e) { out.emplace_back(time, e); }
};

const State classic{{cr0_pg | cr0_pe | cr0_wp, 0x1000, cr4_pse | cr4_pge, 0, 36}, {}};
const State pae{{cr0_pg | cr0_pe | cr0_wp, 0x1000, cr4_pae | cr4_pge, efer_nxe, 36}, {0x2001, 0x3001, 0x4001, 0x5001}};

class Packet {
public:
    explicit Packet(uint64_t begin) : begin_{begin} { encoder_.begin_packet(begin); }
    template <class E> Packet& add(uint64_t time, const E& e) {
        uint8_t room[max_event_bytes + max_span_name_bytes + 4 * max_references];
        uint8_t* const end = encoder_.encode(room, time, e);
        sizes_.push_back(static_cast<size_t>(end - room));
        bytes_.insert(bytes_.end(), room, end);
        return *this;
    }
    std::vector<std::pair<uint64_t, Event>> decode(DecodeStatus expected = DecodeStatus::end) const {
        std::vector<std::pair<uint64_t, Event>> out;
        auto decoder = std::make_unique<Decoder>();
        decoder->begin_packet(bytes_.data(), bytes_.data() + bytes_.size(), begin_);
        DecodeStatus s;
        while ((s = decoder->next(Collect{out})) == DecodeStatus::event) {}
        EXPECT_STREQ(name(s), name(expected));
        return out;
    }
    const std::vector<uint8_t>& bytes() const { return bytes_; }
    const std::vector<size_t>& sizes() const { return sizes_; }
    uint64_t begin() const { return begin_; }

private:
    Encoder encoder_;
    uint64_t begin_;
    std::vector<uint8_t> bytes_;
    std::vector<size_t> sizes_;
};

// Reads one event's fields by the table alone: an independent check of codec and declaration.
class ByTable {
public:
    ByTable(const uint8_t* at, const EventKind& kind) : bytes_{at} {
        for (unsigned i = 0; i < kind.field_count; ++i) {
            const Field& f = kind.fields[i];
            uint64_t times = 1;
            if (f.length) times = f.length[0] >= '0' && f.length[0] <= '9' ? std::stoul(f.length) : value.at(f.length).at(0);
            for (uint64_t n = 0; n < times; ++n) value[f.name].push_back(take(f.bits));
        }
    }
    std::map<std::string, std::vector<uint64_t>> value;
    unsigned bits() const { return bit_; }

private:
    uint64_t take(unsigned bits) {
        if (bits == 0) {
            while (bytes_[bit_ / 8]) bit_ += 8;
            return bit_ += 8, 0;
        }
        uint64_t v = 0;
        for (unsigned i = 0; i < bits; ++i, ++bit_) v |= uint64_t{static_cast<unsigned>(bytes_[bit_ / 8] >> bit_ % 8 & 1)} << i;
        return v;
    }
    const uint8_t* bytes_;
    unsigned bit_ = 0;
};

constexpr uint8_t reference_words[] = {0x34, 0x12, 0x00, 0x00, 0xFF, 0xFF, 0xEF, 0xFF};

WalkRecord small_walk() { return {Vpn{0xC0012}, {AccessKind::write, true}, false, 2, 0x00002007, 0x00345067}; }

Stale stale_use() {
    Stale e;
    e.site = 513, e.linear = VirtAddr{0xFFC01234}, e.kind = StaleKind::freed_table_used, e.level = TableLevel::pdpte;
    e.access = {AccessKind::execute, true};
    e.large = true, e.mapped = true, e.used_by_bochs = true;
    e.old_owner = FrameOwner::freed_table, e.profiles = 0x2001, e.ip = 0xC0100001;
    e.change = {EntryWriter::freed, 5, 0xC0100002, uint64_t{1} << 40, PhysAddr{0x9'0000'0ABC}, uint64_t{3} << 60, 0x1007};
    e.cached = {AccessKind::write, 0xC0100003, uint64_t{1} << 39};
    e.old_frame = Pfn{0x123456}, e.new_frame = Pfn{0xABCDEF}, e.old_mapped_at = VirtAddr{0xC0001000};
    return e;
}

TEST(Trace, EveryEventIsWhatItsTableDeclares) {
    Packet p{100};
    p.add(100, classic)
        .add(101, ControlWrite{EventId::cr0_write, 0x80010001, 0x11}).add(102, ControlWrite{EventId::cr3_write, 0x7000, 0x22})
        .add(103, ControlWrite{EventId::cr4_write, 0x90, 0x33}).add(104, TaskSwitch{0x8000, 0x44})
        .add(105, InvalidatePage{VirtAddr{0xFFC01234}, 0x55}).add(106, PdpteLoad{{1, 2, 3, uint64_t{4} << 32}})
        .add(107, ObservedWalk{small_walk(), false, true}).add(108, ModelWalk{small_walk(), RefillCause::invlpg})
        .add(109, PageFault{VirtAddr{0x1234}, 0x66, PageFaultCode::decode(7)}).add(110, Flush{RefillCause::smm, 13, {300, 8192, 65535, 1000}})
        .add(111, Interrupt{0x80, InterruptKind::software, true, 0x77}).add(112, InterruptReturn{true}).add(113, SpanName{7, "null-syscall"})
        .add(114, SpanEdge{EventId::span_begin, 7, 0xFFFFFFFF}).add(115, SpanEdge{EventId::span_end, 7, 3}).add(116, Mark{0xABCDEF})
        .add(117, Counters{1, 10, {30, 20, 10}, {60, 40, uint64_t{50} << 40}})
        .add(118, ModelWalk{small_walk(), RefillCause::vmalloc_purge, 5, 4}).add(119, SecondHits{3, 0xFFFFFFFF})
        .add(120, FastCall{FastCallKind::sysret, 0x88}).add(121, References{2, reference_words})
        .add(122, stale_use()).add(123, StaleUses{513, 70000}).add(124, EntryWrite{PhysAddr{0x7'0000'0008}, uint64_t{1} << 63, EntryWriter::device, 0x99});
    ASSERT_EQ(p.sizes().size(), event_kinds) << "one of each kind";

    const uint8_t* at = p.bytes().data();
    std::map<std::string, std::map<std::string, std::vector<uint64_t>>> seen;
    for (unsigned i = 0; i < event_kinds; ++i) {
        const uint32_t header = at[0] | at[1] << 8 | at[2] << 16 | static_cast<uint32_t>(at[3]) << 24;
        ASSERT_EQ(header & 31, i);
        ASSERT_EQ(header >> 5, 100 + i);
        const ByTable fields{at + 4, kinds[i]};
        EXPECT_EQ(fields.bits(), 8 * (p.sizes()[i] - 4)) << kinds[i].name;
        seen[kinds[i].name] = fields.value;
        at += p.sizes()[i];
    }
    EXPECT_EQ(seen["state"]["cr3"][0], 0x1000u);
    EXPECT_EQ(seen["state"]["physical_bits"][0], 36u);
    EXPECT_EQ(seen["cr3_write"]["value"][0], 0x7000u);
    EXPECT_EQ(seen["cr3_write"]["ip"][0], 0x22u);
    EXPECT_EQ(seen["invlpg"]["linear"][0], 0xFFC01234u);
    EXPECT_EQ(seen["pdpte_load"]["pdpte"][3], uint64_t{4} << 32);
    EXPECT_EQ(seen["observed_walk"]["page"][0], 0xC0012u);
    EXPECT_EQ(seen["observed_walk"]["access"][0], 1u);
    EXPECT_EQ(seen["observed_walk"]["pde"][0], 0x2007u);
    EXPECT_EQ(seen["observed_walk"]["pte_written"][0], 1u);
    EXPECT_EQ(seen["observed_walk"]["pde_written"][0], 0u);
    EXPECT_EQ(seen["model_walk"]["cause"][0], 5u);
    EXPECT_EQ(seen["profile_walk"]["cause"][0], 11u);
    EXPECT_EQ(seen["profile_walk"]["profiles"][0], 5u);
    EXPECT_EQ(seen["profile_walk"]["cached"][0], 4u);
    EXPECT_EQ(seen["fast_call"]["kind"][0], 3u);
    EXPECT_EQ(seen["references"]["words"][1], Reference({Vpn{0xFFFFF}, {AccessKind::execute, true}, 511}).encode());
    EXPECT_EQ(seen["model_walk"]["pde_words"][0], 0u) << "unchanged entries are left out";
    EXPECT_EQ(seen["page_fault"]["code"][0], 7u);
    EXPECT_EQ(seen["flush"]["profile"][0], 13u);
    const std::map<std::string, uint64_t> stale{
        {"site", 513}, {"linear", 0xFFC01234}, {"kind", 9}, {"level", 2}, {"access", 2}, {"user", 1}, {"how", 4}, {"large", 1}, {"global", 0}, {"mapped", 1},
        {"used_by_bochs", 1}, {"cached_access", 1}, {"old_owner", 2}, {"unused", 0}, {"cpu", 5}, {"profiles", 0x2001}, {"ip", 0xC0100001}, {"writer_ip", 0xC0100002},
        {"writer_time", uint64_t{1} << 40}, {"cached_ip", 0xC0100003}, {"cached_time", uint64_t{1} << 39}, {"entry_at", 0x9'0000'0ABC},
        {"old_entry", uint64_t{3} << 60}, {"new_entry", 0x1007}, {"old_frame", 0x123456}, {"new_frame", 0xABCDEF}, {"old_mapped_at", 0xC0001000}};
    for (const auto& [field, value] : stale) EXPECT_EQ(seen["stale"][field].at(0), value) << field;
    EXPECT_EQ(stale.size(), seen["stale"].size());
    EXPECT_EQ(seen["stale_uses"]["uses"][0], 70000u);
    EXPECT_EQ(seen["entry_write"]["at"][0], 0x7'0000'0008u);
    EXPECT_EQ(seen["entry_write"]["how"][0], 1u);
    EXPECT_EQ(seen["flush"]["data_dropped"][0], 4095u);
    EXPECT_EQ(seen["flush"]["second_dropped"][0], 65535u);
    EXPECT_EQ(seen["flush"]["pde_dropped"][0], 255u) << "255 stands for more, too";
    EXPECT_EQ(seen["interrupt"]["kind"][0], 1u);
    EXPECT_EQ(seen["interrupt"]["user"][0], 1u);
    EXPECT_EQ(seen["span_begin"]["instructions"][0], 0xFFFFFFFFu);
    EXPECT_EQ(seen["counters"]["data_walks"][0], uint64_t{50} << 40);
    EXPECT_EQ(p.decode().size(), event_kinds);
}

TEST(Trace, TimesBeyond27BitsComeBack) {
    Packet p{5};
    const uint64_t far = uint64_t{3} << 40;
    p.add(5, classic).add(5 + (1u << 27) - 1, Mark{1}).add(far, Mark{2}).add(far, Mark{3}).add(far + (1u << 27), Mark{4});
    const auto events = p.decode();
    ASSERT_EQ(events.size(), 5u);
    EXPECT_EQ(events[1].first, 5u + (1u << 27) - 1);
    EXPECT_EQ(events[2].first, far);
    EXPECT_EQ(events[4].first, far + (1u << 27));
}

// Random walks in both formats, many per packet, so that entries are left out and come back.
template <class F>
void walks_round_trip(const State& state) {
    std::mt19937_64 random{tests::seed()};
    std::vector<WalkRecord> records;
    Packet p{0};
    p.add(0, state);
    for (int i = 0; i < 3000; ++i) {
        WalkRecord r{Vpn{static_cast<uint32_t>(random() % 8 * 0x20000 + random() % 600)}, {static_cast<AccessKind>(random() % 3), random() % 2 == 0}, false, 1, 0, 0};
        r.pde = random() % 3 << 12 | 0x5007;
        if (random() % 8 == 0) r.pde = 0x00800083;
        if (random() % 16 == 0) r.pde = 0;
        if (names_table(Entry<F>{static_cast<typename F::Raw>(r.pde)}, state.control)) {
            r.reads = 2;
            r.pte = random() % 2 << 12 | 0x9007;
            if (sizeof(typename F::Raw) == 8 && random() % 2) r.pte |= uint64_t{1} << 63 | uint64_t{3} << 32;
        }
        r.fault = !(r.pde & 1);
        records.push_back(r);
        if (random() % 2) p.add(static_cast<uint64_t>(i), ObservedWalk{r, random() % 2 == 0, true});
        else p.add(static_cast<uint64_t>(i), ModelWalk{r, RefillCause::first_touch, all_profiles});
    }
    const auto events = p.decode();
    ASSERT_EQ(events.size(), records.size() + 1);
    for (size_t i = 0; i < records.size(); ++i) {
        const Event& e = events[i + 1].second;
        const WalkRecord& got = std::holds_alternative<ObservedWalk>(e) ? std::get<ObservedWalk>(e).walk : std::get<ModelWalk>(e).walk;
        ASSERT_EQ(got.page, records[i].page);
        ASSERT_EQ(got.access.kind, records[i].access.kind);
        ASSERT_EQ(got.access.user, records[i].access.user);
        ASSERT_EQ(got.fault, records[i].fault);
        ASSERT_EQ(got.reads, records[i].reads);
        ASSERT_EQ(got.pde, records[i].pde);
        ASSERT_EQ(got.pte, records[i].pte);
    }
}
TEST(Trace, ClassicWalksRoundTrip) { walks_round_trip<Classic>(classic); }
TEST(Trace, PaeWalksRoundTrip) { walks_round_trip<Pae>(pae); }

TEST(Trace, AViewHasTheAddressesAndTheResult) {
    const WalkView v = view(small_walk(), classic);
    EXPECT_EQ(v.pde_at, PhysAddr{0x1000 + 0x300 * 4});
    EXPECT_EQ(v.pte_at, PhysAddr{0x2000 + 0x012 * 4});
    EXPECT_EQ(v.translation.frame, Pfn{0x345});
    const WalkView w = view({Vpn{0xC0212}, {}, false, 1, 0x900000083 | 0x00E00000, 0}, pae);
    EXPECT_EQ(w.pde_at, PhysAddr{0x5000 + 1 * 8});
    EXPECT_EQ(w.translation.frame, Pfn{0x900E12});
    EXPECT_EQ(w.reads, 1u);
}

TEST(Trace, APacketForgetsTheOneBefore) {
    Encoder encoder;
    uint8_t room[max_event_bytes];
    encoder.begin_packet(0);
    const auto full = encoder.encode(room, 0, ModelWalk{small_walk(), RefillCause::first_touch, all_profiles}) - room;
    const auto brief = encoder.encode(room, 0, ModelWalk{small_walk(), RefillCause::first_touch, all_profiles}) - room;
    encoder.begin_packet(10);
    const auto again = encoder.encode(room, 10, ModelWalk{small_walk(), RefillCause::first_touch, all_profiles}) - room;
    EXPECT_EQ(full, 16);
    EXPECT_EQ(brief, 8);
    EXPECT_EQ(again, full);
}

TEST(Trace, DecoderRefusesWhatIsNotATrace) {
    EXPECT_TRUE((Packet{0}.add(0, Mark{1})).decode(DecodeStatus::no_state).empty());
    Packet walk{0};
    walk.add(0, classic);
    Encoder other;
    other.begin_packet(0);
    std::vector<uint8_t> bytes = walk.bytes();
    uint8_t room[max_event_bytes];
    other.encode(room, 0, ModelWalk{small_walk(), RefillCause::first_touch, all_profiles});
    uint8_t* const end = other.encode(room, 0, ModelWalk{small_walk(), RefillCause::first_touch, all_profiles});
    bytes.insert(bytes.end(), room, end);  // a brief walk whose full one is missing
    auto decoder = std::make_unique<Decoder>();
    decoder->begin_packet(bytes.data(), bytes.data() + bytes.size(), 0);
    auto ignore = [](uint64_t, const auto&) {};
    EXPECT_EQ(decoder->next(ignore), DecodeStatus::event);
    EXPECT_EQ(decoder->next(ignore), DecodeStatus::unknown_entry);
    EXPECT_EQ(decoder->at(), bytes.data() + walk.bytes().size()) << "at() stays at the event that could not be read";
}

TEST(Trace, TruncationAtEveryByteIsNoticed) {
    Packet p{0};
    p.add(0, pae).add(1, ModelWalk{small_walk(), RefillCause::first_touch, 3}).add(1, SpanName{1, "abc"}).add(uint64_t{1} << 50, Counters{0, 1, {2, 3, 4}, {5, 6, 7}});
    std::vector<size_t> ends{0};
    for (size_t s : p.sizes()) ends.push_back(ends.back() + s);
    for (size_t length = 0; length <= p.bytes().size(); ++length) {
        const std::vector<uint8_t> cut(p.bytes().begin(), p.bytes().begin() + static_cast<long>(length));
        auto decoder = std::make_unique<Decoder>();
        decoder->begin_packet(cut.data(), cut.data() + cut.size(), 0);
        DecodeStatus s;
        while ((s = decoder->next([](uint64_t, const auto&) {})) == DecodeStatus::event) {}
        const bool whole = std::find(ends.begin(), ends.end(), length) != ends.end();
        EXPECT_EQ(s, whole ? DecodeStatus::end : DecodeStatus::truncated) << "cut at byte " << length;
    }
}

TEST(Trace, RandomBytesNeverReadBeyondThePacket) {
    std::mt19937_64 random{tests::seed()};
    auto decoder = std::make_unique<Decoder>();
    for (int i = 0; i < 3000; ++i) {
        std::vector<uint8_t> bytes(random() % 300);
        for (uint8_t& b : bytes) b = static_cast<uint8_t>(random());
        if (bytes.size() > 22 && i % 2) bytes[0] = 0, bytes[20] = 40, bytes[21] = 0;  // begins like a state event
        decoder->begin_packet(bytes.data(), bytes.data() + bytes.size(), 0);
        while (decoder->next([](uint64_t, const auto&) {}) == DecodeStatus::event) ASSERT_LE(decoder->at(), bytes.data() + bytes.size());
    }
}

TEST(Trace, MetadataNamesEveryEventAndIsTheSameEachTime) {
    std::string once, twice;
    put_metadata([&](const char* s) { once += s; }, 50000000);
    put_metadata([&](const char* s) { twice += s; }, 50000000);
    EXPECT_EQ(once, twice);
    EXPECT_EQ(once.find("/* CTF 1.8 */"), 0u);
    for (const EventKind& k : kinds) EXPECT_NE(once.find(std::string("name = \"") + k.name + "\";"), std::string::npos);
    EXPECT_EQ(once.find("uuid"), std::string::npos) << "a random UUID would make two recordings differ";
}

}  // namespace
