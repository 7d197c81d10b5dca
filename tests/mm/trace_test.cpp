// SPDX-License-Identifier: LGPL-2.1-or-later
// The trace: every event round-trips, the bytes are those that the event table declares, and no bytes make the decoder
// read beyond its packet.
#include "packet.hpp"

namespace {

using namespace trace_tests;

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

// Entries of long mode: those of upper levels are left out while they are as before, and come back.
TEST(Trace, LongWalksLeaveOutWhatThePacketHasShown) {
    std::mt19937_64 random{tests::seed()};
    Packet p{0};
    p.add(0, State{{cr0_pg | cr0_pe, 0x1000, cr4_pae, efer_lme | efer_lma, 40}, {}, 7});
    std::vector<LongWalkRecord> walks;
    uint64_t entries = 0;
    for (unsigned n = 0; n < 5000; ++n) {
        LongWalkRecord w;
        w.page = (random() % 2 ? 0xFFFF800000000 : 0) + (random() % 4 << 27) + (random() % 3 << 9) + random() % 1500;
        w.access = {static_cast<AccessKind>(random() % 3), random() % 2 == 0};
        w.reads = 1 + static_cast<unsigned>(random() % most_long_levels), w.fault = random() % 2, w.written = static_cast<uint8_t>(random() % 32);
        for (unsigned i = 0; i < w.reads; ++i) w.entry[i] = random() % 8 ? w.page >> 9 * (4 - i) : random();
        entries += w.reads;
        walks.push_back(w);
        p.add(n, w);
    }
    const auto events = p.decode();
    ASSERT_EQ(events.size(), walks.size() + 1);
    for (unsigned n = 0; n < walks.size(); ++n) {
        const auto& w = std::get<LongWalkRecord>(events[n + 1].second);
        ASSERT_EQ(w.page, walks[n].page);
        ASSERT_EQ(w.reads, walks[n].reads);
        ASSERT_EQ(w.written, walks[n].written);
        ASSERT_EQ(w.access.kind, walks[n].access.kind);
        ASSERT_EQ(w.fault, walks[n].fault);
        for (unsigned i = 0; i < w.reads; ++i) ASSERT_EQ(w.entry[i], walks[n].entry[i]) << "walk " << n << ", entry " << i;
    }
    EXPECT_LT(p.bytes().size(), 13 * walks.size() + 8 * entries) << "some were left out";
}

TEST(Trace, TruncationAtEveryByteIsNoticed) {
    Packet p{0};
    p.add(0, pae).add(1, ModelWalk{small_walk(), RefillCause::first_touch, 3}).add(1, SpanName{1, "abc"}).add(uint64_t{1} << 50, Counters{0, 1, {2, 3, 4}, {5, 6, 7}});
    std::vector<size_t> ends{0};
    for (size_t s : p.sizes()) ends.push_back(ends.back() + s);
    for (size_t length = 0; length <= p.bytes().size(); ++length) {
        const std::vector<uint8_t> cut(p.bytes().begin(), p.bytes().begin() + static_cast<long>(length));
        std::vector<std::pair<uint64_t, Event>> events;
        const DecodeStatus s = decode_twice(cut.data(), cut.data() + cut.size(), 0, events);
        const bool whole = std::find(ends.begin(), ends.end(), length) != ends.end();
        EXPECT_EQ(s, whole ? DecodeStatus::end : DecodeStatus::truncated) << "cut at byte " << length;
    }
}

TEST(Trace, RandomBytesNeverReadBeyondThePacket) {
    std::mt19937_64 random{tests::seed()};
    for (int i = 0; i < 3000; ++i) {
        std::vector<uint8_t> bytes(random() % 300);
        for (uint8_t& b : bytes) b = static_cast<uint8_t>(random());
        if (bytes.size() > 22 && i % 2) bytes[0] = 0, bytes[20] = 40, bytes[21] = 0;  // begins like a state event
        std::vector<std::pair<uint64_t, Event>> events;
        EXPECT_NE(decode_twice(bytes.data(), bytes.data() + bytes.size(), 0, events), DecodeStatus::event);
    }
}

// Walks with each number of words, cut off anywhere, or with a bit of theirs wrong.
TEST(Trace, DamagedWalksAreDecodedTheSameEventByEventAndAtOnce) {
    std::mt19937_64 random{tests::seed()};
    for (const State& registers : {classic, pae}) {
        for (int i = 0; i < 400; ++i) {
            Packet p{0};
            p.add(0, registers);
            for (uint64_t time = 1; time < 12; ++time) {
                WalkRecord walk = small_walk();
                walk.page = Vpn{static_cast<uint32_t>(0xC0000 + random() % 600)};
                if (random() % 2) walk.pde = 0x00002007 | (random() % 4) << 12;
                walk.pte = (random() % 8) << 12 | 5 | (&registers == &pae && random() % 2 ? uint64_t{1} << 63 : 0);
                switch (random() % 4) {
                case 0: p.add(time, Instruction{static_cast<uint32_t>(random())}); break;
                case 1: p.add(time, ObservedWalk{walk, random() % 2 != 0, random() % 2 != 0}); break;
                case 2: p.add(time, ModelWalk{walk, static_cast<RefillCause>(random() % refill_causes)}); break;
                default: p.add(time, ModelWalk{walk, static_cast<RefillCause>(random() % refill_causes), 5, 1});
                }
            }
            std::vector<uint8_t> bytes = p.bytes();
            if (i % 4 == 1) bytes.resize(random() % bytes.size());
            if (i % 4 >= 2 && bytes.size() > 40) bytes[40 + random() % (bytes.size() - 40)] ^= static_cast<uint8_t>(1u << random() % 8);
            std::vector<std::pair<uint64_t, Event>> events;
            const DecodeStatus status = decode_twice(bytes.data(), bytes.data() + bytes.size(), 0, events);
            if (i % 4 == 0) {
                EXPECT_STREQ(name(status), name(DecodeStatus::end));
                EXPECT_EQ(events.size(), 12u);
            }
        }
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
