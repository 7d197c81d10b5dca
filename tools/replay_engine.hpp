// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs the lookups of a recording made with --references through other TLBs, by the model that the plugin has (mm/mmu_models.hpp).
//
//   references --> known pages --> MmuModels --> misses, walks, causes, the cache lines that walks read
//
// Page tables are not in a trace: a walk finds the entries that the recorded profiles' last walk of that page found. An entry that
// the guest changed is found anew as soon as one of these walks again, which the flush that the change needs makes it do.
#pragma once

#include <memory>
#include <type_traits>
#include <vector>

#include "activity.hpp"
#include "mm/mmu_models.hpp"
#include "mm/trace_codec.hpp"
#include "profile_lines.hpp"
#include "stack_distance.hpp"
#include "zeroed_array.hpp"

namespace tools {

// What one set of TLBs made of the references.
struct ReplayCounts {
    mm::LookupCounts instruction, data;
    WalkCounts walks;
    CauseCounts causes{};
    void add(const ReplayCounts& o);
};

// Follows one CPU's stream from its beginning.
class ReplayEngine final {
public:
    // The profiles' geometries are modelled; `curves`: also what fully associative TLBs of each size would miss.
    ReplayEngine(const std::vector<Profile>& profiles, bool curves);
    // For who looks at the TLBs of a profile that was recorded (replay_engine_look.cpp): walks are made where the trace tells them and nowhere
    // else. `most_translations`: see mm::TranslationTable; with few of them the causes are wrong, and what the TLBs hold is not.
    ReplayEngine(const Profile& recorded, uint32_t most_translations);
    ~ReplayEngine();

    template <class Event>
    void take(const Event& e, const mm::trace::State& after) {
        if constexpr (!may_stand_before_flush<Event>) flush();
        see(e, after);
        state_ = after;
    }
    void finish();

    [[nodiscard]] std::vector<ReplayCounts> counts() const;  // as the profiles
    [[nodiscard]] const StackDistances* curve(bool instruction) const { return instruction ? instruction_curve_.get() : data_curve_.get(); }
    [[nodiscard]] uint64_t references() const { return clock_.now; }

    // For who looks. Only the profile's walks and flushes are taken.
    [[nodiscard]] mm::MmuModel& first_model() { return (*models_)[0]; }
    [[nodiscard]] const mm::MmuShared& shared() const { return models_->shared(); }
    // Makes the lookups that are known to be served now, instead of when the next walk or flush asks for them.
    void settle() { settle_until(waiting_.size(), waiting_.size() - (waiting_.size() > next_)); }
    void flush_now() { look_up_all(), flush(); }
    [[nodiscard]] uint64_t flushes() const { return flushes_; }  // that were made
    // The walk's lookup is made now, if it waits; walks of lookups before it are untold. Else false, and it is made out of turn.
    bool take_own(const mm::trace::ModelWalk& e, const mm::trace::State& after);
    // Of a recording without references: the one lookup of the page that is known.
    void take_alone(const mm::trace::ModelWalk& e, const mm::trace::State& after);
    // Lookups that no TLB served and whose walk the trace does not tell: they have filled nothing.
    [[nodiscard]] uint64_t untold() const { return untold_; }
    // What the models hold, to go on from; counts, causes and curves are not in it.
    struct Saved;
    [[nodiscard]] Saved save();
    void restore(const Saved& saved);

    // Lookups of pages that no recorded walk had found before: there is something wrong with the trace if there are many.
    [[nodiscard]] uint64_t unknown() const { return unknown_; }

private:
    // What the last recorded walk to a page found.
    struct KnownPage {
        uint64_t pde = 0, pte = 0;
        bool open[mm::access_kinds] = {};  // whether a program may make this kind of access, by these entries
        bool known = false, mapped = false, large = false, global = false;
        uint32_t since = 0;                // walks that were recorded before
    };
    struct Walker;
    ReplayEngine(const std::vector<Profile>& profiles, bool curves, bool as_recorded, uint32_t most_translations);
    enum class Flushes : uint8_t { none, non_global, all, page, address, fault };
    struct PendingFlush {
        Flushes kind = Flushes::none;
        mm::VirtAddr at{};
        mm::RefillCause cause{};
        bool page_size_changes = false;
    };
    struct Following {
        explicit Following(const Profile& p) : lines{p} {}
        ProfileLines lines;
        uint64_t reads[LineRecency::max_segments]{};
        CauseCounts causes{};
    };

    // Between what announces a flush and the event that tells what it dropped; that is missing if it dropped nothing.
    template <class Event, class... Others> static constexpr bool is_any_of = (std::is_same_v<Event, Others> || ...);
    template <class Event>
    static constexpr bool may_stand_before_flush =
        is_any_of<Event, mm::trace::Flush, mm::trace::State, mm::trace::PdpteLoad, mm::trace::LongRoot, mm::trace::Stale, mm::trace::EntryWrite>;
    // Events that say nothing about TLBs.
    template <class Event> void see(const Event&, const mm::trace::State&) {}
    void see(const mm::trace::State& e, const mm::trace::State&);
    void see(const mm::trace::ControlWrite& e, const mm::trace::State& after);
    void see(const mm::trace::TaskSwitch&, const mm::trace::State&) { expect(Flushes::non_global, {}, mm::RefillCause::task_switch); }
    void see(const mm::trace::InvalidatePage& e, const mm::trace::State&) { expect(Flushes::page, e.linear, mm::RefillCause::invlpg); }
    void see(const mm::trace::InvalidatePcid& e, const mm::trace::State&);
    void see(const mm::trace::PageFault& e, const mm::trace::State&) { expect(Flushes::fault, e.linear, mm::RefillCause::page_fault); }
    void see(const mm::trace::PdpteLoad&, const mm::trace::State&);
    void see(const mm::trace::Flush& e, const mm::trace::State&);
    void see(const mm::trace::References& e, const mm::trace::State&);
    void see(const mm::trace::ModelWalk& e, const mm::trace::State& state);

    void expect(Flushes kind, mm::VirtAddr at, mm::RefillCause cause);
    void flush() {                      // the one that is expected, if any
        if (flush_.kind != Flushes::none) make_flush();
    }
    void make_flush();
    void look_up(size_t count);         // the oldest of those that wait
    void look_up_all() { as_recorded_ ? look_up_served(waiting_.size()) : look_up(waiting_.size() - next_); }
    [[nodiscard]] bool serves(mm::trace::Reference& r, bool without_walk);
    void settle_until(size_t end, size_t without_walk);  // places in waiting_
    void look_up_served(size_t end);
    void look_up_asked(const mm::trace::Reference& r);
    void look_up(const mm::trace::Reference& r);
    void know(const mm::trace::WalkRecord& walk, const mm::trace::State& state);
    // A walk to a large page tells of all pages in it, until one of them is walked to.
    [[nodiscard]] const KnownPage& known(mm::Vpn page) const {
        const KnownPage &one = known_[page.raw], &large = known_large_[large_page(page)];
        return large.known && large.since >= one.since ? large : one;
    }
    [[nodiscard]] uint32_t large_page(mm::Vpn page) const { return page.raw >> (models_->shared().large_shift() - mm::page_shift); }

    const bool as_recorded_;
    std::vector<mm::MmuGeometry> geometries_;
    ZeroedArray<mm::PageRecord> pages_;
    ZeroedArray<mm::RegionRecord> regions_;
    ZeroedArray<KnownPage> known_, known_large_;  // by page, and by large page
    uint32_t recorded_walks_ = 0;
    mm::LookupClock clock_;
    std::unique_ptr<mm::MmuModels> models_;
    std::vector<Following> following_;
    std::unique_ptr<StackDistances> instruction_curve_, data_curve_;
    mm::trace::State state_{};
    std::vector<mm::trace::Reference> waiting_;  // from next_ on: a walk among them may be told later
    size_t next_ = 0;
    PendingFlush flush_;
    uint64_t unknown_ = 0, untold_ = 0, flushes_ = 0;
};

struct ReplayEngine::Saved {
    struct Entry {
        mm::MmuModel::Level level{};
        bool in_large = false;   // the TLB for large pages alone
        unsigned place = 0;
        mm::TlbEntry entry{};    // with its last use
    };
    struct Directory {
        unsigned place = 0;
        mm::TlbEntry entry{};
        uint64_t value = 0;
    };
    mm::trace::State state{};
    mm::LookupClock clock{};
    unsigned large_shift = 0;
    PendingFlush flush{};
    uint64_t untold = 0;
    std::vector<mm::trace::Reference> waiting;
    std::vector<Entry> entries;
    std::vector<Directory> directories;
    std::vector<uint32_t> randoms;  // of each TLB, in order
    [[nodiscard]] size_t bytes() const { return sizeof *this + entries.size() * sizeof(Entry) + waiting.size() * sizeof(mm::trace::Reference); }
};

}  // namespace tools
