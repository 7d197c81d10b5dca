// SPDX-License-Identifier: LGPL-2.1-or-later
// Looks references up in order, and flushes what the recorded events say.
#include "replay_engine.hpp"

#include <algorithm>
#include <utility>

#include "profile_geometry.hpp"

namespace tools {
namespace {

namespace trace = mm::trace;

constexpr size_t most_waiting = 1u << 16;  // a fetch's walk is told some thousand ticks late at most
constexpr uint32_t curve_pages = mm::linear_pages + mm::linear_regions;

// Small pages by their number, large ones behind them.
uint32_t curve_page(mm::Vpn page, bool large, unsigned large_shift) {
    return large ? mm::linear_pages + (page.raw >> (large_shift - mm::page_shift)) : page.raw;
}

}  // namespace

void ReplayCounts::add(const ReplayCounts& o) {
    for (auto [mine, theirs] : {std::pair{&instruction, &o.instruction}, {&data, &o.data}})
        mine->lookups += theirs->lookups, mine->misses += theirs->misses, mine->walks += theirs->walks;
    walks += o.walks;
    for (size_t c = 0; c < causes.size(); ++c) causes[c] += o.causes[c];
}

// The client of the models: walks as the recording did, and counts what they make of it.
struct ReplayEngine::Walker {
    ReplayEngine& engine;

    mm::PageWalk walk(mm::VirtAddr a, mm::Access access, const uint64_t* cached_pde) const {
        const KnownPage& k = engine.known(mm::page_of(a));
        bool directory = cached_pde == nullptr;
        return mm::page_walk(a, access, engine.state_.control, engine.state_.pdpte, cached_pde,
                             [&](mm::PhysAddr, unsigned) { return directory ? directory = false, k.pde : k.pte; });
    }
    void translated(mm::VirtAddr, mm::Pfn) const {}
    void walked(const mm::ModelWalks& w) const {
        for (uint32_t left = w.models; left; left &= left - 1) {
            const auto n = static_cast<unsigned>(__builtin_ctz(left));
            Following& f = engine.following_[n];
            ++f.causes[static_cast<size_t>(w.cause)];
            if (w.walk.reads > 0 && !(w.cached >> n & 1)) ++f.reads[f.lines.read(w.walk.pde_at)];
            if (w.walk.reads > 1) ++f.reads[f.lines.read(w.walk.pte_at)];
        }
    }
};

ReplayEngine::ReplayEngine(const std::vector<Profile>& profiles, bool curves) : ReplayEngine{profiles, curves, false, mm::most_translations} {}
ReplayEngine::ReplayEngine(const std::vector<Profile>& profiles, bool curves, bool as_recorded, uint32_t most_translations)
    : as_recorded_{as_recorded}, pages_(mm::linear_pages), regions_(mm::linear_regions), known_(mm::linear_pages), known_large_(mm::linear_regions) {
    for (const Profile& p : profiles) geometries_.push_back(to_geometry(p)), following_.emplace_back(p);
    std::vector<const mm::MmuGeometry*> pointers;
    for (const mm::MmuGeometry& g : geometries_) pointers.push_back(&g);
    models_ = std::make_unique<mm::MmuModels>(pointers.data(), static_cast<unsigned>(pointers.size()), pages_.data(), regions_.data(), clock_, 0,
                                              most_translations);
    if (curves) instruction_curve_ = std::make_unique<StackDistances>(curve_pages), data_curve_ = std::make_unique<StackDistances>(curve_pages);
}
ReplayEngine::~ReplayEngine() = default;

void ReplayEngine::finish() { look_up_all(), flush(); }

std::vector<ReplayCounts> ReplayEngine::counts() const {
    std::vector<ReplayCounts> all;
    for (unsigned n = 0; n < models_->count(); ++n) {
        const Following& f = following_[n];
        ReplayCounts c{models_->counts(n, mm::AccessKind::execute), models_->counts(n, mm::AccessKind::read), {}, f.causes};
        c.walks.walks = c.instruction.walks + c.data.walks;
        c.walks.second_hits = (*models_)[n].second_hits();
        std::copy(std::begin(f.reads), std::end(f.reads), std::begin(c.walks.reads));
        all.push_back(c);
    }
    return all;
}

// --- flushes

void ReplayEngine::expect(Flushes kind, mm::VirtAddr at, mm::RefillCause cause) {
    look_up_all(), flush();
    flush_ = {kind, at, cause, false};
}

void ReplayEngine::make_flush() {
    const PendingFlush f = std::exchange(flush_, {});
    ++flushes_;
    const mm::Control& control = state_.control;
    for (unsigned n = 0; n < models_->count(); ++n) {
        mm::MmuModel& m = (*models_)[n];
        switch (f.kind) {
        case Flushes::none: break;
        case Flushes::non_global: (void)m.flush_non_global(f.cause, control); break;
        case Flushes::all: (void)m.flush_all(f.cause); break;
        case Flushes::page: (void)m.flush_page(mm::page_of(f.at).raw, f.cause); break;
        case Flushes::address: (void)m.flush_address(mm::page_of(f.at).raw, f.cause, control); break;
        case Flushes::fault: (void)m.flush_faulting(mm::page_of(f.at).raw, f.cause); break;
        }
    }
    const unsigned large_shift = models_->shared().large_shift();
    for (StackDistances* curve : {instruction_curve_.get(), data_curve_.get()}) {
        if (!curve) continue;
        if (f.kind == Flushes::non_global) curve->drop_all(control.global_pages());
        else if (f.kind == Flushes::all) curve->drop_all(false);
        else
            for (const bool large : {false, true}) curve->drop(curve_page(mm::page_of(f.at), large, large_shift));
    }
    if (!f.page_size_changes) return;
    models_->set_large_page(control.cr4 & mm::cr4_pae ? mm::directory_shift<mm::Pae> : mm::directory_shift<mm::Classic>);
    known_large_.clear();
}

// A packet begins with it, and says what no event told: EFER, SMM, reset.
void ReplayEngine::see(const trace::State& e, const trace::State&) {
    if ((e.control.cr4 ^ state_.control.cr4) & mm::cr4_pae) {
        expect(Flushes::all, {}, mm::RefillCause::control);
        state_ = e;
        flush_.page_size_changes = true;
        return flush();
    }
    const bool other_meaning = ((e.control.efer ^ state_.control.efer) & mm::efer_nxe) || ((e.control.cr0 ^ state_.control.cr0) & mm::cr0_wp);
    if (other_meaning) look_up_all(), models_->withdraw_all();
}

void ReplayEngine::see(const trace::ControlWrite& e, const trace::State& after) {
    look_up_all(), flush();
    const mm::Control& before = state_.control;
    using Id = trace::EventId;
    if (e.which == Id::cr3_write) expect(Flushes::non_global, {}, mm::RefillCause::context_switch);
    if (e.which == Id::cr0_write && (after.control.cr0 ^ before.cr0) & mm::cr0_pg) expect(Flushes::all, {}, mm::RefillCause::control);
    if (e.which == Id::cr0_write && (after.control.cr0 ^ before.cr0) & mm::cr0_wp) models_->withdraw_all();
    if (e.which == Id::cr4_write && mm::cr4_write_flushes(before.cr4, after.control.cr4)) {
        expect(Flushes::all, {}, mm::RefillCause::control);
        flush_.page_size_changes = (after.control.cr4 ^ before.cr4) & mm::cr4_pae;
    }
}

void ReplayEngine::see(const trace::InvalidatePcid& e, const trace::State&) {
    switch (e.type) {
    case trace::InvpcidType::address: return expect(Flushes::address, e.linear, mm::RefillCause::control);
    case trace::InvpcidType::all_and_global: return expect(Flushes::all, {}, mm::RefillCause::control);
    case trace::InvpcidType::context:
    case trace::InvpcidType::all: return expect(Flushes::non_global, {}, mm::RefillCause::control);
    }
}

// A load that comes with no flush drops the cached directory entries.
void ReplayEngine::see(const trace::PdpteLoad&, const trace::State&) {
    if (flush_.kind != Flushes::none) return;
    look_up_all();
    models_->drop_directory_entries();
}

// It tells the cause as the guest announced it. One that no other event announces is of everything (SMM, reset), even behind a flush that
// was announced and dropped nothing.
void ReplayEngine::see(const trace::Flush& e, const trace::State&) {
    using enum mm::RefillCause;
    if ((e.cause == smm || e.cause == control) && e.cause != flush_.cause) return expect(Flushes::all, {}, e.cause);
    if (flush_.kind != Flushes::none) flush_.cause = e.cause;
}

// --- lookups

void ReplayEngine::see(const trace::References& e, const trace::State&) {
    if (waiting_.size() - next_ >= most_waiting) look_up_all();
    if (next_ == waiting_.size() || next_ >= most_waiting) waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<ptrdiff_t>(next_)), next_ = 0;
    for (unsigned n = 0; n < e.count; ++n) waiting_.push_back(e.at(n));
}

// The first lookup of this page that waits made it, or a later one: until then nothing was found that is not found now.
void ReplayEngine::see(const trace::ModelWalk& e, const trace::State& state) {
    for (size_t n = next_; n < waiting_.size(); ++n)
        if (waiting_[n].page == e.walk.page && waiting_[n].access.kind == e.walk.access.kind) {
            look_up(n - next_);
            break;
        }
    know(e.walk, state);
}

void ReplayEngine::know(const trace::WalkRecord& walk, const trace::State& state) {
    const mm::Translation t = trace::view(walk, state).translation;
    KnownPage& large = known_large_[large_page(walk.page)];
    const bool is_large = t.mapped() && t.shift != mm::page_shift;
    if (!is_large) large.known = false;
    KnownPage& k = is_large ? large : known_[walk.page.raw];
    k.pde = walk.pde, k.pte = walk.pte, k.known = true, k.since = ++recorded_walks_;
    for (unsigned kind = 0; kind < mm::access_kinds; ++kind)
        k.open[kind] = t.mapped() && mm::allows(t.permissions, {static_cast<mm::AccessKind>(kind), true}, state.control);
    k.large = is_large, k.global = t.permissions.global, k.mapped = t.mapped();
}

void ReplayEngine::look_up(size_t count) {
    for (const size_t end = next_ + count; next_ < end; ++next_) look_up(waiting_[next_]);
}

void ReplayEngine::look_up(const trace::Reference& r) {
    const KnownPage& k = known(r.page);
    unknown_ += !k.known;
    if (instruction_curve_ && k.mapped) {
        StackDistances& curve = r.access.is_execute() ? *instruction_curve_ : *data_curve_;
        curve.use(curve_page(r.page, k.large, models_->shared().large_shift()), k.global, r.repeats);
    }
    const unsigned kind = mm::index(r.access.kind);
    const bool may_be_quick = !r.access.user || k.open[kind];
    if (!may_be_quick) models_->shared().withdraw_from_all(r.page.raw);  // who serves the kernel unasked is asked: the emulator translates anew
    for (uint64_t left = 1 + uint64_t{r.repeats}; left;) {
        if (may_be_quick && models_->shared().served(r.page.raw, r.access.kind)) {
            clock_.now += left, clock_.fetches += r.access.is_execute() ? left : 0;
            models_->shared().stamp(r.page.raw, r.access.kind, clock_.now);
            return;
        }
        models_->look_up(mm::address(r.page), r.access, state_.control, Walker{*this});
        --left;
    }
}

}  // namespace tools
