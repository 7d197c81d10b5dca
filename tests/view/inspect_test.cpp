// SPDX-License-Identifier: LGPL-2.1-or-later
// What the walk inspector says of addresses, in all formats, and of what is not known.
#include <gtest/gtest.h>

#include "tools/view/entry_fields.hpp"
#include "tools/view/inspect.hpp"

namespace {

using tools::view::BitField;
using tools::view::entry_fields;
using tools::view::EntryKind;
using tools::view::inspect_address;
using tools::view::KnownEntries;
using tools::view::WalkInspection;
namespace trace = mm::trace;

const BitField& field(const std::vector<BitField>& fields, const std::string& name) {
    for (const BitField& f : fields)
        if (f.name == name) return f;
    throw std::logic_error{name};
}

// Every bit of an entry is in exactly one field, and the fields give the value back.
TEST(EntryFields, CoverEachBitOnce) {
    for (const uint64_t value : {uint64_t{0}, uint64_t{1}, uint64_t{0x12345067}, uint64_t{0x8000000FFFFFF1E7}, UINT64_MAX})
        for (const unsigned physical_bits : {32u, 36u, 40u, 52u, 0u, 255u})
            for (unsigned k = 0; k <= static_cast<unsigned>(EntryKind::pae_pte); ++k) {
                const auto kind = static_cast<EntryKind>(k);
                const bool wide = kind >= EntryKind::pdpte;
                const uint64_t entry = wide ? value : value & UINT32_MAX;
                uint64_t sum = 0, covered = 0;
                for (const BitField& f : entry_fields(kind, entry, physical_bits)) {
                    ASSERT_GE(f.high, f.low);
                    const uint64_t mask = (f.high - f.low == 63 ? UINT64_MAX : (uint64_t{1} << (f.high - f.low + 1)) - 1) << f.low;
                    EXPECT_EQ(covered & mask, 0u) << k << ' ' << f.name;
                    covered |= mask, sum |= f.value << f.low;
                }
                EXPECT_EQ(covered, wide ? UINT64_MAX : UINT32_MAX) << "kind " << k << " of " << physical_bits << " bits";
                EXPECT_EQ(sum, entry);
            }
}

TEST(EntryFields, SayWhatTheManualSays) {
    const auto pte = entry_fields(EntryKind::pae_pte, 0x8000000012345963, 36);
    EXPECT_EQ(field(pte, "frame").value, 0x12345u);
    EXPECT_EQ(field(pte, "XD").value, 1u);
    EXPECT_EQ(field(pte, "U/S").meaning, "supervisor only");
    EXPECT_EQ(field(pte, "D").meaning, "written");
    EXPECT_EQ(field(pte, "AVL").value, 4u);
    const auto large = entry_fields(EntryKind::large_pde, 0x004121E7, 36);
    EXPECT_EQ(field(large, "frame").value, 1u);
    EXPECT_EQ(field(large, "PSE-36").value, 9u);
    EXPECT_EQ(field(large, "G").value, 1u);
    EXPECT_EQ(entry_fields(EntryKind::pte, 0xABCDE000, 36).front().meaning, "free for the system");
}

struct Known {
    Known() {
        tools::RunInfo run;
        run.zones = {{"DMA", 0, 4096, 4096}, {"NORMAL", 4096, 229376, 225280}};
        run.regions = {{"user", 0, 0xC0000000}, {"lowmem", 0xC0000000, 0xF8000000}};
        recording = std::make_unique<tools::view::Recording>(run, nullptr, 0, false, 16);
        state.control = {mm::cr0_pe | mm::cr0_pg, 0x1000, mm::cr4_pse | mm::cr4_pge, 0, 36};
    }
    WalkInspection inspect(uint32_t address) const { return inspect_address(mm::VirtAddr{address}, state, entries, *recording, tlbs); }

    std::unique_ptr<tools::view::Recording> recording;
    trace::State state;
    KnownEntries entries;
    std::vector<tools::view::TlbView> tlbs;
};

TEST(Inspect, SaysWhatIsNotKnown) {
    Known k;
    WalkInspection w = k.inspect(0x08048123);
    EXPECT_EQ(w.result, "not known yet");
    EXPECT_EQ(w.region, "user");
    ASSERT_EQ(w.entries.size(), 2u);
    EXPECT_EQ(w.entries[1].name, "PDE 32");
    EXPECT_EQ(w.entries[1].at->raw, 0x1080u);
    EXPECT_FALSE(w.entries[1].value);
    EXPECT_EQ(w.entries[1].note, "not known yet: no walk has read it");
    k.entries.learn(mm::PhysAddr{0x1080}, 0x2067, 100);
    w = k.inspect(0x08048123);
    ASSERT_EQ(w.entries.size(), 3u);
    EXPECT_EQ(w.result, "not known yet");
    EXPECT_EQ(*w.entries[1].seen, 100u);
    EXPECT_EQ(w.entries[2].at->raw, 0x2120u);
    k.state.control.cr0 = 0;
    EXPECT_EQ(k.inspect(0).result, "paging is off");
}

TEST(Inspect, FollowsEntriesAndTheirChanges) {
    Known k;
    k.entries.learn(mm::PhysAddr{0x1080}, 0x2067, 100);
    k.entries.learn(mm::PhysAddr{0x2120}, 0x00500025, 100);
    k.entries.learn(mm::PhysAddr{0x2120}, 0x00500065, 150);  // the processor set D
    WalkInspection w = k.inspect(0x08048123);
    EXPECT_TRUE(w.mapped);
    EXPECT_EQ(w.frame, mm::Pfn{0x500});
    EXPECT_EQ(w.zone, "DMA");
    EXPECT_EQ(w.page_bytes, 4096u);
    EXPECT_EQ(w.permissions, "read only, programs too");
    EXPECT_FALSE(w.entries[2].changed) << "A and D are no change";
    EXPECT_EQ(*w.entries[2].seen, 150u);
    k.entries.learn(mm::PhysAddr{0x2120}, 0x02000067, 200);
    k.tlbs = {{"DTLB 4K", 1, 2, {{}, {true, false, false, true, false, false, 0x8048, 0x500, 120, 0}}}};
    w = k.inspect(0x08048FFF);
    EXPECT_EQ(*w.entries[2].changed, 200u);
    EXPECT_EQ(w.zone, "NORMAL");
    ASSERT_EQ(w.cached.size(), 1u);
    EXPECT_EQ(w.cached[0].since, 120u);
    EXPECT_EQ(w.cached[0].way, 1u);
    EXPECT_FALSE(w.cached[0].agrees) << "the TLB has the old frame";
    k.entries.learn(mm::PhysAddr{0x2120}, 0, 300);
    EXPECT_EQ(k.inspect(0x08048123).result, "not present");
}

TEST(Inspect, KnowsLargePagesOfBothFormats) {
    Known k;
    k.entries.learn(mm::PhysAddr{0x1C00}, 0x020001E3, 10);  // 4 MiB at 0xC0000000
    WalkInspection w = k.inspect(0xC0123456);
    EXPECT_EQ(w.frame, mm::Pfn{0x2123});
    EXPECT_EQ(w.page_bytes, 4u << 20);
    EXPECT_EQ(w.permissions, "read and write, supervisor only, global");
    k.state.control.cr4 |= mm::cr4_pae, k.state.control.cr3 = 0x1020;
    k.state.pdpte[3] = 0x5001;
    k.entries.learn(mm::PhysAddr{0x5000 + 8}, 0x4000E3, 20);
    w = k.inspect(0xC0223456);
    ASSERT_EQ(w.entries.size(), 3u);
    EXPECT_EQ(w.entries[1].name, "PDPTE 3");
    EXPECT_EQ(w.entries[1].at->raw, 0x1038u);
    EXPECT_EQ(w.frame, mm::Pfn{0x423});
    EXPECT_EQ(w.page_bytes, 2u << 20);
    EXPECT_EQ(k.inspect(0x40000000).result, "not present") << "its PDPTE is not";
}

TEST(KnownEntries, ShareWhatDoesNotChange) {
    KnownEntries one;
    one.learn(mm::PhysAddr{0x1000}, 0x67, 1);
    one.learn(mm::PhysAddr{0x1FFC}, 0x60, 1);
    EXPECT_EQ(one.present_in(mm::Pfn{1}), 1u);
    KnownEntries two = one;
    two.learn(mm::PhysAddr{0x1FFC}, 0x67, 2);
    EXPECT_EQ(two.present_in(mm::Pfn{1}), 2u);
    EXPECT_EQ(one.present_in(mm::Pfn{1}), 1u);
    EXPECT_EQ(one.find(mm::PhysAddr{0x1FFC})->seen, 1u);
    EXPECT_EQ(one.find(mm::PhysAddr{0x1004}), nullptr);
    for (uint64_t n = 0; n <= KnownEntries::most_blocks; ++n) two.learn(mm::PhysAddr{n * 256}, 1, 3);
    EXPECT_TRUE(two.has_forgotten());
    EXPECT_EQ(two.find(mm::PhysAddr{0}), nullptr);
}

}  // namespace
