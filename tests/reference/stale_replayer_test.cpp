// SPDX-License-Identifier: LGPL-2.1-or-later
// Recordings of missing flushes made by hand: the replay agrees with the sound ones, sees each thing that is wrong in the others, and
// judges nothing that it cannot know.
#include <gtest/gtest.h>

#include <functional>

#include "stale_replayer.hpp"

namespace {

namespace trace = mm::trace;
using namespace reference;
using Id = trace::EventId;
using mm::StaleKind, mm::TableLevel;

constexpr uint64_t pde_at = 0x1000, pde = 0x2067, pte_at = 0x2000 + 4 * 5, pte = 0x11067, new_pte = 0x21067;  // of page 5
constexpr mm::Access read{mm::AccessKind::read, true};

// Events as they come, with the registers that they imply.
class Events {
public:
    explicit Events(bool pae = false) {
        state.control = {mm::cr0_pe | mm::cr0_pg | mm::cr0_wp, 0x1000, mm::cr4_pse | mm::cr4_pge | (pae ? mm::cr4_pae : 0), 0, 36};
        take(state);
    }
    template <class Event> void take(const Event& e) { replayer.take(e, state); }

    void look_up(uint32_t page, unsigned repeats = 0) {
        const uint32_t word = trace::Reference{mm::Vpn{page}, read, repeats}.encode();
        for (unsigned n = 0; n < 4; ++n) bytes[n] = static_cast<uint8_t>(word >> 8 * n);
        take(trace::References{1, bytes});
    }
    void walk(uint32_t page, uint64_t pde, uint64_t pte, uint16_t profiles = trace::all_profiles, uint16_t cached = 0) {
        take(trace::ModelWalk{{mm::Vpn{page}, read, !(pte & 1), 2, pde, pte}, mm::RefillCause::first_touch, profiles, cached});
    }
    void write(uint64_t at, uint64_t value, mm::EntryWriter how = mm::EntryWriter::instruction) { take(trace::EntryWrite{mm::PhysAddr{at}, value, how, 0}); }
    void load_cr3(uint32_t value) {
        state.control.cr3 = value;
        take(trace::ControlWrite{Id::cr3_write, value, 0});
    }
    void load_pdptes(uint64_t first) {
        state.pdpte[0] = first;
        take(trace::PdpteLoad{{first, 0, 0, 0}});
    }
    std::string finish() {
        replayer.finish();
        return "";
    }
    trace::State state;
    StaleReplayer replayer;
    uint8_t bytes[4];
};

// Page 5 is used, its entry written, and the page used three times more.
struct Recording {
    trace::Stale stale = [] {
        trace::Stale e;
        e.linear = mm::VirtAddr{0x5123}, e.kind = StaleKind::frame_changed, e.level = TableLevel::pte, e.access = read, e.mapped = true;
        e.change.entry_at = mm::PhysAddr{pte_at}, e.old_frame = mm::Pfn{0x11}, e.new_frame = mm::Pfn{0x21};
        return e;
    }();
    trace::StaleUses uses{0, 3};
    bool announced = true, flushed = false;

    // What the replay says: empty if it agrees.
    std::string replay() const {
        Events e;
        try {
            e.look_up(5), e.walk(5, pde, pte);
            e.write(pte_at, new_pte);
            if (flushed) e.take(trace::InvalidatePage{mm::VirtAddr{0x5000}, 0});
            e.look_up(5);
            if (flushed) e.walk(5, pde, new_pte);
            if (announced) e.take(stale);
            e.look_up(5, 1);
            if (announced) e.take(uses);
            return e.finish();
        } catch (const Difference& d) {
            return d.what();
        }
    }
};
std::string replayed(const std::function<void(Recording&)>& change) {
    Recording r;
    change(r);
    return r.replay();
}

TEST(StaleReplayer, AgreesWithASoundRecording) { EXPECT_EQ(Recording{}.replay(), ""); }

TEST(StaleReplayer, SeesWhatTheRecordingDoesNotHave) {
    EXPECT_EQ(replayed([](auto& r) { r.announced = false; }), "frame_changed of pte: 3 to 3 uses are found, but recorded are 0");
    EXPECT_EQ(replayed([](auto& r) { r.uses.uses = 2; }), "frame_changed of pte: 3 to 3 uses are found, but recorded are 2");
}

TEST(StaleReplayer, SeesWhatIsNotSo) {
    EXPECT_EQ(replayed([](auto& r) { r.flushed = true; }),
              "at 0x5123 is recorded: frame_changed of the pte at 0x2014, frame 0x11 for 0x21, but found: nothing");
    EXPECT_EQ(replayed([](auto& r) { r.flushed = true, r.announced = false; }), "");
    const std::string found = ", but found: frame_changed of the pte at 0x2014, frame 0x11 for 0x21";
    EXPECT_EQ(replayed([](auto& r) { r.stale.old_frame = mm::Pfn{0x12}; }), "at 0x5123 is recorded: frame_changed of the pte at 0x2014, frame 0x12 for 0x21" + found);
    EXPECT_EQ(replayed([](auto& r) { r.stale.level = TableLevel::pde; }), "at 0x5123 is recorded: frame_changed of the pde at 0x2014, frame 0x11 for 0x21" + found);
    for (const auto& change : {+[](Recording& r) { r.stale.kind = StaleKind::permission_removed; }, +[](Recording& r) { r.stale.new_frame = mm::Pfn{0x22}; },
                               +[](Recording& r) { r.stale.change.entry_at = mm::PhysAddr{pde_at}; }, +[](Recording& r) { r.stale.large = true; },
                               +[](Recording& r) { r.stale.global = true; }, +[](Recording& r) { r.stale.mapped = false; }})
        EXPECT_NE(replayed(change), "");
    EXPECT_EQ(replayed([](auto& r) { r.stale.site = 1; }), "site 1 comes after 0 others");
    EXPECT_EQ(replayed([](auto& r) { r.uses.uses = 4; }), "frame_changed of pte: 3 to 3 uses are found, but recorded are 4");
}

TEST(StaleReplayer, AUseNeedsALookup) {
    Events e;
    e.take(Recording{}.stale);
    EXPECT_THROW(e.finish(), Difference);
}

TEST(StaleReplayer, AnEntryThatWasNeverSeenIsNotJudged) {
    Events e;
    e.look_up(5), e.walk(5, pde, pte);
    e.write(pde_at, 0x3067);  // what its new table says nobody knows
    e.look_up(5);
    trace::Stale stale = Recording{}.stale;
    stale.level = TableLevel::pde, stale.change.entry_at = mm::PhysAddr{pde_at};
    e.take(stale);
    EXPECT_EQ(e.finish(), "");
    EXPECT_EQ(e.replayer.compared().unjudged, 1u);
    EXPECT_EQ(e.replayer.compared().unproven, 1u);
}

TEST(StaleReplayer, WhatMemoryHoldsMayBeToldBeforeTheUse) {
    Events e;
    e.look_up(5), e.walk(5, pde, pte);
    e.write(pde_at, 0x3067);
    e.look_up(5);
    e.write(0x3000 + 4 * 5, new_pte, mm::EntryWriter::address_space);
    trace::Stale stale = Recording{}.stale;
    stale.level = TableLevel::pde, stale.change.entry_at = mm::PhysAddr{pde_at};
    e.take(stale);
    EXPECT_EQ(e.finish(), "");
    EXPECT_EQ(e.replayer.compared().unjudged, 0u);
    EXPECT_EQ(e.replayer.compared().unproven, 0u);
    EXPECT_EQ(e.replayer.compared().stale_lookups, 1u);
}

TEST(StaleReplayer, TablesThatAreNotInUseMayBeRewrittenUnseen) {
    Events e;
    e.look_up(5), e.walk(5, pde, pte);
    e.load_cr3(0x9000);
    e.load_cr3(0x1000);
    e.look_up(5), e.walk(5, 0x3067, new_pte);
    e.look_up(5);
    EXPECT_EQ(e.finish(), "");
    EXPECT_EQ(e.replayer.compared().unjudged, 0u);
    EXPECT_EQ(e.replayer.compared().stale_lookups, 0u);
}

TEST(StaleReplayer, ADirectoryEntryFromACacheIsNotMemorys) {
    Events e;
    e.look_up(5), e.walk(5, pde, pte);
    e.write(pde_at, 0x3067);
    e.look_up(6), e.walk(6, pde, 0x12067, 1, 1);  // through the old table
    EXPECT_EQ(e.finish(), "");
    EXPECT_EQ(e.replayer.compared().unjudged, 1u) << "memory's table is not known";
    e.look_up(6), e.walk(6, 0x3067, 0x13067, 1, 0);
    e.finish();
    EXPECT_EQ(e.replayer.compared().unjudged, 1u);
    EXPECT_EQ(e.replayer.compared().stale_lookups, 1u);
}

TEST(StaleReplayer, AFlushThatNothingAnnouncesIsOfEverything) {
    for (const bool announced : {false, true}) {
        Events e;
        e.look_up(5), e.walk(5, pde, pte | mm::entry_bit::global);
        e.write(pte_at, new_pte);
        if (announced) e.load_cr3(0x1000);
        e.take(trace::Flush{mm::RefillCause::smm, 0, {}});
        e.look_up(5), e.walk(5, pde, new_pte);
        if (announced) EXPECT_THROW(e.finish(), Difference);  // CR3 leaves the global page
        else EXPECT_EQ(e.finish(), "");
    }
}

TEST(StaleReplayer, OfFreedTablesNothingIsKnown) {
    Events e;
    e.look_up(5), e.walk(5, pde, pte);
    e.look_up(6), e.walk(6, pde, 0x12067);
    e.write(pde_at, 0);
    e.look_up(5);
    trace::Stale stale = Recording{}.stale;
    stale.kind = StaleKind::table_freed, stale.level = TableLevel::pde, stale.change.entry_at = mm::PhysAddr{pde_at};
    stale.mapped = false, stale.new_frame = {};
    e.take(stale);
    e.look_up(6);
    stale.site = 1, stale.kind = StaleKind::freed_table_used;
    e.take(stale);
    e.look_up(6);
    e.take(trace::StaleUses{0, 3});
    EXPECT_EQ(e.finish(), "");
}

TEST(StaleReplayer, PdptesAreKnownFromTheirLoad) {
    Events e{true};
    e.load_pdptes(0x2001);
    e.look_up(5), e.walk(5, 0x3067, pte);
    e.write(0x1000, 0);
    e.look_up(5);
    trace::Stale stale = Recording{}.stale;
    stale.kind = StaleKind::pdpte_not_loaded, stale.level = TableLevel::pdpte, stale.change.entry_at = mm::PhysAddr{0x1000};
    stale.mapped = false, stale.new_frame = {};
    e.take(stale);
    e.load_cr3(0x1000), e.load_pdptes(0);
    e.look_up(5);
    EXPECT_EQ(e.finish(), "");
    EXPECT_EQ(e.replayer.compared().stale_lookups, 1u);
}

}  // namespace
