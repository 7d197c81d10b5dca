// SPDX-License-Identifier: LGPL-2.1-or-later
// The TLBs that a viewer shows of a recording with references, against the model that made the recording, after each event; and against
// those that a viewer shows who has been through checkpoints.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "tests/seed.hpp"
#include "tests/view/snapshot_text.hpp"
#include "tools/profile_geometry.hpp"
#include "tools/view/tlb_follower.hpp"

namespace {

namespace trace = mm::trace;
using tools::view::TlbFollower;

// A guest of random page tables, the model of a profile, and who follows the events that a recorder would write.
class Guest final {
public:
    Guest(const std::string& profile, std::mt19937& random, bool references, uint32_t cr4 = mm::cr4_pse | mm::cr4_pge)
        : random_{random}, figures_{tools::find_profile(profile)}, geometry_{to_geometry(figures_)}, pages_(mm::linear_pages), regions_(mm::linear_regions),
          recording_{tools::RunInfo{.profiles = {profile}}, &figures_, 0, references, 1024}, follower_{recording_}, traveller_{recording_} {
        const mm::MmuGeometry* const geometries[] = {&geometry_};
        models_ = std::make_unique<mm::MmuModels>(geometries, 1, pages_.data(), regions_.data(), clock_, 0);
        state_.control = {mm::cr0_pe | mm::cr0_pg | mm::cr0_wp, 0x1000, cr4, 0, 36};
        tell(state_);
    }

    void act() {
        time_ += random_() % 3;
        if (random_() % 400 == 0) return reset();
        switch (random_() % 24) {
        case 0: {
            record(trace::ControlWrite{trace::EventId::cr3_write, 0x1000, 0});
            return flushed(mm::RefillCause::context_switch, model().flush_non_global(mm::RefillCause::context_switch, state_.control));
        }
        case 1: {
            const mm::Vpn page = some_page();
            change(page);
            record(trace::InvalidatePage{mm::address(page), 0});
            return flushed(mm::RefillCause::invlpg, model().flush_page(page.raw, mm::RefillCause::invlpg));
        }
        case 2: {
            const mm::Vpn page = some_page();
            record(trace::PageFault{mm::address(page), 0, {}});
            return flushed(mm::RefillCause::page_fault, model().flush_faulting(page.raw, mm::RefillCause::page_fault));
        }
        case 3: return change_rights(some_page());
        default: return look_up(some_page(), {static_cast<mm::AccessKind>(random_() % 3), random_() % 2 == 0, random_() % 2 == 0});
        }
    }

    // Behind a fault that may have dropped nothing.
    void reset() {
        const mm::Vpn page = some_page();
        record(trace::PageFault{mm::address(page), 0, {}});
        flushed(mm::RefillCause::page_fault, model().flush_faulting(page.raw, mm::RefillCause::page_fault));
        flushed(mm::RefillCause::control, model().flush_all(mm::RefillCause::control));
        record(state_);
    }

    // What the model has that the view has not, or the other way round.
    [[nodiscard]] std::string difference() {
        std::string difference;
        size_t view = 0;
        const std::vector<tools::view::TlbView> views = follower_.views();
        const mm::MmuModel& m = model();
        m.each_level([&](mm::MmuModel::Level, const mm::LevelTlbs& tlbs) {
            tlbs.each_tlb([&](const mm::Tlb& tlb, bool) {
                const tools::view::TlbView& shown = views[view++];
                for (unsigned place = 0; place < tlb.geometry().entries; ++place) {
                    const mm::TlbEntry& e = tlb.entry(place);
                    const tools::view::TlbEntryView& v = shown.entries[place];
                    const uint32_t page = e.large ? e.page << (models_->shared().large_shift() - mm::page_shift) : e.page;
                    const bool same_rights = v.global == e.permissions.global && v.user == e.permissions.user && v.writable == e.permissions.write;
                    if (tlb.valid(e) != v.valid || (v.valid && (page != v.page || e.frame.raw != v.frame || e.large != v.large || !same_rights)))
                        difference += shown.name + " place " + std::to_string(place) + "; ";
                }
            });
        });
        return difference;
    }
    [[nodiscard]] const TlbFollower& follower() const { return follower_; }
    void go_through_a_checkpoint() {
        const auto saved = traveller_.save();
        traveller_.restore(nullptr);
        traveller_.restore(saved.get());
    }
    // What is shown, with the times, behind checkpoints and without any.
    [[nodiscard]] std::string shown() const { return tests::text_of(follower_.views()); }
    [[nodiscard]] std::string shown_behind_checkpoints() const { return tests::text_of(traveller_.views()); }

    void access(unsigned page, mm::AccessKind kind, bool user) { ++time_, look_up(mm::Vpn{page}, {kind, user}); }
    // The last lookup may have been served by EFLAGS.AC: the next one, which has none, tells.
    void arrive() { access(0xC0001, mm::AccessKind::read, false), tell_references(); }
    void change_user(unsigned page) { other_rights_[page] ^= mm::entry_bit::user; }

    // The client of the model.
    mm::PageWalk walk(mm::VirtAddr a, mm::Access access, const uint64_t* cached_pde) {
        bool directory = cached_pde == nullptr;
        const mm::Vpn page = mm::page_of(a);
        return mm::page_walk(a, access, state_.control, state_.pdpte, cached_pde, [&](mm::PhysAddr, unsigned) { return directory ? directory = false, pde(page) : pte(page); });
    }
    void translated(mm::VirtAddr, mm::Pfn) {}
    void walked(const mm::ModelWalks& w) {
        record(trace::ModelWalk{{mm::page_of(w.linear), w.access, w.walk.fault, w.walk.reads, w.walk.pde, w.walk.pte}, w.cause, trace::all_profiles, w.cached});
    }

private:
    mm::MmuModel& model() { return (*models_)[0]; }
    mm::Vpn some_page() { return mm::Vpn{static_cast<uint32_t>(random_() % 2 * 0xC0000 + random_() % 2 * 0x400 + random_() % 160)}; }
    // The kernel's first 4 MiB are a large global page.
    static bool is_large(mm::Vpn page) { return page.raw >= 0xC0000 && page.raw < 0xC0400; }
    uint64_t pde(mm::Vpn page) const { return is_large(page) ? 0x1E3 ^ toggled(page) : 0x2067 + (page.raw >> 10) * 0x1000; }
    uint64_t pte(mm::Vpn page) const {
        const auto changes = changed_.find(page.raw);
        const uint64_t frame = page.raw % 4096 + (changes == changed_.end() ? 0 : changes->second * 0x1000);
        return frame % 7 == 0 ? 0 : frame << 12 | ((page.raw >= 0xC0000 ? 0x163 : frame % 5 == 0 ? 0x65 : 0x67) ^ toggled(page));
    }
    static uint32_t by_first_page(mm::Vpn page) { return is_large(page) ? 0xC0000 : page.raw; }
    uint64_t toggled(mm::Vpn page) const {
        const auto found = other_rights_.find(by_first_page(page));
        return found == other_rights_.end() ? 0 : found->second;
    }
    void change(mm::Vpn page) { ++changed_[page.raw]; }
    // And no flush: an entry that forbids an access is filled anew in its place, one that allows too much stays. With SMAP it is not known
    // which of two levels served the kernel if one of them holds the page as a program's.
    void change_rights(mm::Vpn page) {
        other_rights_[by_first_page(page)] ^= random_() % 2 || state_.control.smap() ? mm::entry_bit::writable : mm::entry_bit::user;
    }

    template <class Event> void tell(const Event& e) { follower_.take(time_, e, state_), traveller_.take(time_, e, state_); }
    void flushed(mm::RefillCause cause, const mm::Dropped& d) {
        if (d.instruction + d.data + d.second + d.pde) record(trace::Flush{cause, 0, d});
    }
    // Several times; what faults is not repeated at once, but the kernel may set EFLAGS.AC for all but the last time.
    void look_up(mm::Vpn page, const mm::Access last) {
        const bool maps = !walk(mm::address(page), {last.kind, last.user, true}, nullptr).fault, faults = walk(mm::address(page), last, nullptr).fault;
        bool asked = false, with_ac = false;
        for (unsigned left = 1 + (maps ? random_() % 4 : 0); left-- != 0;) {
            const mm::Access access{last.kind, last.user, last.ac || (faults && left != 0)};
            note(page, access);
            // As the emulator has it when it translates: every access is asked for.
            const bool anew = !asked || access.ac != with_ac;
            if (anew) models_->shared().withdraw_from_all(page.raw);
            asked = true, with_ac = access.ac;
            if (anew || !models_->quick(page.raw, access.kind)) models_->look_up(mm::address(page), access, state_.control, *this);
        }
        if (random_() % 2) tell_references();
    }
    // As the recorder does: without EFLAGS.AC.
    void note(mm::Vpn page, mm::Access access) {
        if (!words_.empty())
            if (auto w = trace::Reference::decode(words_.back()); w.page == page && w.access.kind == access.kind && w.access.user == access.user) {
                ++w.repeats, words_.back() = w.encode();
                return;
            }
        if (words_.size() == trace::max_references) tell_references();
        words_.push_back(trace::Reference{page, access, 0}.encode());
    }
    void tell_references() {
        std::vector<uint8_t> bytes;
        for (const uint32_t w : words_)
            for (unsigned n = 0; n < 4; ++n) bytes.push_back(static_cast<uint8_t>(w >> 8 * n));
        words_.clear();
        if (recording_.references && !bytes.empty()) tell(trace::References{static_cast<unsigned>(bytes.size() / 4), bytes.data()});
    }
    // References come before what happens behind them.
    template <class Event> void record(const Event& e) { tell_references(), tell(e); }

    std::mt19937& random_;
    const tools::Profile figures_;
    const mm::MmuGeometry geometry_;
    std::vector<mm::PageRecord> pages_;
    std::vector<mm::RegionRecord> regions_;
    mm::LookupClock clock_;
    std::unique_ptr<mm::MmuModels> models_;
    tools::view::Recording recording_;
    TlbFollower follower_, traveller_;
    trace::State state_{};
    std::map<uint32_t, uint32_t> changed_;
    std::map<uint32_t, uint64_t> other_rights_;  // bits of the entry that are not what they were
    std::vector<uint32_t> words_;
    uint64_t time_ = 0;
};

TEST(TlbFollower, ShowsTheModelsEntriesIfThereAreReferences) {
    std::mt19937 random{static_cast<unsigned>(tests::seed())};
    for (const char* profile : {"i486", "p5", "p6", "p4", "k7", "k8", "nehalem", "skylake", "geode-lx"})
        for (const uint32_t smap : {0u, mm::cr4_smap}) {
            Guest guest{profile, random, true, mm::cr4_pse | mm::cr4_pge | smap};
            for (int n = 0; n < 5000; ++n) {
                guest.act();
                if (random() % 200 == 0) guest.go_through_a_checkpoint();
                if (n % 7) continue;
                guest.arrive();
                ASSERT_EQ(guest.difference(), "") << profile << " after " << n;
                ASSERT_EQ(guest.shown_behind_checkpoints(), guest.shown()) << profile << " after " << n;
            }
            EXPECT_EQ(guest.follower().out_of_turn(), 0u) << profile;
        }
}

TEST(TlbFollower, AsksTheFirstLevelEvenIfTheSecondServes) {
    std::mt19937 random{static_cast<unsigned>(tests::seed())};
    Guest guest{"geode-lx", random, true};
    using K = mm::AccessKind;
    guest.change_user(1);
    guest.access(1, K::read, false);                                         // both levels: for the kernel alone
    guest.access(33, K::execute, true), guest.access(65, K::execute, true);  // out of the second
    guest.change_user(1);
    guest.access(1, K::execute, true);                                       // the second: for programs, too
    guest.access(1, K::read, false);                                         // the first allows it
    guest.go_through_a_checkpoint();
    guest.access(1, K::read, true);                                          // the first forbids it: filled anew by the second
    guest.arrive();
    EXPECT_EQ(guest.difference(), "");
    EXPECT_EQ(guest.shown_behind_checkpoints(), guest.shown());
}

// Without references: nothing that the model has not filled, and everything it filled last in a set.
TEST(TlbFollower, ShowsWhatWasFilledAndNotFlushedWithoutReferences) {
    std::mt19937 random{static_cast<unsigned>(tests::seed())};
    for (const char* profile : {"p6", "k7"}) {
        Guest guest{profile, random, false};
        size_t valid = 0;
        for (int n = 0; n < 2000; ++n) {
            guest.act();
            for (const auto& view : guest.follower().views())
                for (const auto& e : view.entries) {
                    valid += e.valid;
                    ASSERT_TRUE(!e.valid || e.filled >= e.dropped) << view.name;
                }
        }
        EXPECT_GT(valid, 2000u);
    }
}

}  // namespace
