// SPDX-License-Identifier: LGPL-2.1-or-later
// The codec against the table of events, field by field.
#include "packet.hpp"

namespace {

using namespace trace_tests;

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

LongWalkRecord long_walk() {
    return {0xFFFF800012345, {AccessKind::write, true}, true, 3, 0b10101, {0x1007, 0x2007, uint64_t{1} << 63 | 0x3007, 0, 0}};
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
        .add(122, stale_use()).add(123, StaleUses{513, 70000}).add(124, EntryWrite{PhysAddr{0x7'0000'0008}, uint64_t{1} << 63, EntryWriter::device, 0x99})
        .add(125, Instruction{0xC0123456}).add(126, Task{4711, 0xFFFFFFFE, "kswapd0"})
        .add(127, InvalidatePcid{InvpcidType::all, VirtAddr{0x40001000}, 0xAA})
        .add(128, long_walk()).add(129, LongPageFault{0xFFFF800000001234, 0xFFFFFFFF81000001, PageFaultCode::decode(2)})
        .add(130, LongInvalidatePage{0xFFFF800000005678, 0xFFFFFFFF81000002}).add(131, LongRoot{7})
        .add(132, LongInvalidatePcid{InvpcidType::context, 0xABC, 0, 0xFFFFFFFF81000003});
    ASSERT_EQ(p.sizes().size(), event_kinds) << "one of each kind";

    const uint8_t* at = p.bytes().data();
    std::map<std::string, std::map<std::string, std::vector<uint64_t>>> seen;
    for (unsigned i = 0; i < event_kinds; ++i) {
        const auto word = [](const uint8_t* b) { return b[0] | uint32_t{b[1]} << 8 | uint32_t{b[2]} << 16 | static_cast<uint32_t>(b[3]) << 24; };
        const bool compact = i < extended_id;
        const unsigned header = compact ? 4 : 13;
        ASSERT_EQ(at[0] & 31u, compact ? i : extended_id);
        ASSERT_EQ(compact ? word(at) >> 5 : word(at + 5), 100 + i);
        ASSERT_EQ(compact ? i : word(at + 1), i);
        const ByTable fields{at + header, kinds[i]};
        EXPECT_EQ(fields.bits(), 8 * (p.sizes()[i] - header)) << kinds[i].name;
        seen[kinds[i].name] = fields.value;
        at += p.sizes()[i];
    }
    EXPECT_EQ(seen["state"]["cr3"][0], 0x1000u);
    EXPECT_EQ(seen["long_walk"]["page"][0], 0xFFFF800012345u);
    EXPECT_EQ(seen["long_walk"]["access"][0], 1u);
    EXPECT_EQ(seen["long_walk"]["fault"][0], 1u);
    EXPECT_EQ(seen["long_walk"]["reads"][0], 3u);
    EXPECT_EQ(seen["long_walk"]["written"][0], 0b10101u);
    EXPECT_EQ(seen["long_walk"]["entry"], (std::vector<uint64_t>{0x1007, 0x2007, uint64_t{1} << 63 | 0x3007}));
    EXPECT_EQ(seen["long_page_fault"]["linear"][0], 0xFFFF800000001234u);
    EXPECT_EQ(seen["long_page_fault"]["ip"][0], 0xFFFFFFFF81000001u);
    EXPECT_EQ(seen["long_invlpg"]["linear"][0], 0xFFFF800000005678u);
    EXPECT_EQ(seen["long_root"]["high"][0], 7u);
    EXPECT_EQ(seen["long_invpcid"]["type"][0], 1u);
    EXPECT_EQ(seen["long_invpcid"]["pcid"][0], 0xABCu);
    EXPECT_EQ(seen["long_invpcid"]["ip"][0], 0xFFFFFFFF81000003u);
    EXPECT_EQ(seen["state"]["physical_bits"][0], 36u);
    EXPECT_EQ(seen["cr3_write"]["value"][0], 0x7000u);
    EXPECT_EQ(seen["cr3_write"]["ip"][0], 0x22u);
    EXPECT_EQ(seen["invlpg"]["linear"][0], 0xFFC01234u);
    EXPECT_EQ(seen["invpcid"]["type"][0], 3u);
    EXPECT_EQ(seen["invpcid"]["linear"][0], 0x40001000u);
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
    EXPECT_EQ(seen["instruction"]["ip"][0], 0xC0123456u);
    EXPECT_EQ(seen["task"]["pid"][0], 4711u);
    EXPECT_EQ(seen["task"]["instructions"][0], 0xFFFFFFFEu);
    EXPECT_EQ(p.decode().size(), event_kinds);
}

}  // namespace
