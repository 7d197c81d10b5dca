// SPDX-License-Identifier: LGPL-2.1-or-later
// What the TLBs of a recording's profile hold, entry by entry, after each event: by the model that the recorder has.
//
//   with references     every lookup is in the trace: the entries are exactly the model's. EFLAGS.AC is not, and is taken as set where an
//                       entry serves the kernel only with it (SMAP); of two levels that differ in whose page it is, either may have served
//   without             a walk is taken for the page's only use until the next walk, so that of a set's entries the one that was filled
//                       first makes room: the true victim may be another, and is found out when its page is walked to again. Flushes are
//                       known in both.
#pragma once

#include <memory>
#include <vector>

#include "mm/tlb_name.hpp"
#include "tools/replay_engine.hpp"
#include "tools/view/recording.hpp"
#include "tools/view/snapshot.hpp"

namespace tools::view {

class TlbFollower final {
public:
    explicit TlbFollower(const Recording& recording);

    template <class Event>
    void take(uint64_t time, const Event& e, const mm::trace::State& after) {
        if (!engine_) return;
        const uint64_t flushes = engine_->flushes();
        time_ = time, see(e, after);
        if (engine_->flushes() != flushes) notice_all();
    }

    // Named as the processor's pages are large now: "DTLB 4M", with PAE "DTLB 2M".
    [[nodiscard]] std::vector<TlbView> views() const;
    // Walks that were not where the references told, and lookups whose walk was not told: 0 unless something is wrong with the trace.
    [[nodiscard]] uint64_t out_of_turn() const { return out_of_turn_ + (engine_ ? engine_->untold() : 0); }

    struct Saved {
        ReplayEngine::Saved engine;
        std::vector<TlbView> views;
        uint64_t out_of_turn = 0;
        [[nodiscard]] size_t bytes() const;
    };
    [[nodiscard]] std::shared_ptr<const Saved> save() const;  // null: there is no profile
    void restore(const Saved* saved);                         // null: of the beginning

private:
    template <class Event> void see(const Event& e, const mm::trace::State& after) { engine_->take(e, after); }
    void see(const mm::trace::References& e, const mm::trace::State& after);
    void see(const mm::trace::ModelWalk& e, const mm::trace::State& after);
    void see(const mm::trace::Flush& e, const mm::trace::State& after);
    void see(const mm::trace::PdpteLoad& e, const mm::trace::State& after);

    void make_engine();
    void notice_all();
    void notice_refills();
    void notice_walk(const mm::trace::ModelWalk& e);
    void notice(TlbView& view, unsigned place, const mm::Tlb& tlb, bool just_filled);
    void notice_directories();

    // One TLB of the model and where its view is.
    struct Place {
        mm::MmuModel::Level level{};
        mm::TlbPages pages{};
        const mm::Tlb* tlb = nullptr;
        [[nodiscard]] bool first_level() const { return level == mm::MmuModel::first_instruction || level == mm::MmuModel::first_data; }
    };

    const Recording& recording_;
    std::unique_ptr<ReplayEngine> engine_;
    std::vector<Place> places_;            // as the views, but for the PDE cache, whose view is the last
    std::vector<TlbView> views_;           // without their names, but for the PDE cache's
    uint64_t time_ = 0, out_of_turn_ = 0;
};

}  // namespace tools::view
