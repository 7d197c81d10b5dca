// SPDX-License-Identifier: LGPL-2.1-or-later
// What viewers are shown of a recording. Everything here reads and nothing writes: neither the guest nor the trace can tell.
#include <limits.h>
#include <stdlib.h>

#include <algorithm>

#include "session.h"
#include "zone_words.h"

namespace plugin {

using namespace mm;

namespace {

constexpr uint64_t most_memory_bins = 1024;

template <class F>
void read_directory(const Machine& machine, PhysAddr directory, std::vector<LiveSnapshot::Slot>& slots) {
    using Raw = typename F::Raw;
    for (unsigned n = 0; n < entries_per_table<F>; ++n) {
        const Entry<F> e{static_cast<Raw>(machine.load(PhysAddr{directory.raw + n * sizeof(Raw)}, sizeof(Raw)))};
        slots.push_back({e.present(), e.present() && e.page_size_bit(), e.user(), e.writable()});
    }
}

// What a user region and a kernel region have in common belongs to each for its own accesses (4:4).
LiveCounts::Places counts_of_region(const LiveCounts& counts, const std::vector<RunInfo::Region>& regions, const RunInfo::Region& r, unsigned profile) {
    const auto pages = [&](uint64_t start, uint64_t end, bool user) {
        return counts.pages(std::min<uint64_t>(start >> page_shift, linear_pages), std::min<uint64_t>(end >> page_shift, linear_pages), profile, user);
    };
    const bool user = r.name == "user";
    LiveCounts::Places sum = pages(r.start, r.end, user);
    sum += pages(r.start, r.end, !user);
    for (const RunInfo::Region& other : regions) {
        const uint64_t start = std::max(r.start, other.start), end = std::min(r.end, other.end);
        if ((other.name == "user") != user && start < end) sum -= pages(start, end, !user);
    }
    return sum;
}

}  // namespace

void Session::open_live() {
    LiveHello hello;
    char absolute[PATH_MAX];
    hello.directory = realpath(options_.output.c_str(), absolute) ? absolute : options_.output;
    hello.memory_mib = setup_.memory_mib, hello.ips = setup_.ips, hello.cpus = setup_.cpus;
    hello.profiles = info_.profiles, hello.geometries = info_.geometries;
    live_ = std::make_unique<LiveServer>();
    error_ = live_->open(options_.live, std::move(hello));
}

void Session::serve_viewers() {
    if (cpus_.size() < setup_.cpus || ended()) return;
    const auto wanted = live_->take_orders();
    if (!wanted) return;
    if (wanted->attached != (live_counts_ != nullptr)) count_for_viewers(wanted->attached);
    std::vector<LiveSnapshot> answers;
    for (const LiveOrder& order : wanted->orders) answers.push_back(live_snapshot(order));
    if (!answers.empty()) live_->answer(std::move(answers));
}

void Session::count_for_viewers(bool attached) {
    if (live_counts_) ignore(*live_counts_), ignore(*live_dates_);
    stale_.on_table = [](Pfn) {};
    live_counts_.reset(), live_dates_.reset();
    if (!attached) return;
    const auto profiles = static_cast<unsigned>(info_.profiles.size());
    const uint64_t now = cpus_[0]->machine->ticks();
    live_counts_ = std::make_unique<LiveCounts>(profiles, setup_.memory_mib, now);
    live_dates_ = std::make_unique<LiveDates>(cpus(), profiles, stale_.on() ? &stale_.tables : nullptr, now);
    listen(*live_counts_), listen(*live_dates_);
    stale_.on_table = [this](Pfn frame) { live_dates_->found_table(frame, cpus_[0]->machine->ticks()); };
}

LiveSnapshot Session::live_snapshot(const LiveOrder& order) {
    LiveSnapshot s;
    s.viewer = order.viewer, s.profile = order.profile, s.cpu = order.cpu;
    s.tick = cpus_[0]->machine->ticks();
    s.recording = recording(), s.complete = info_.complete, s.end_reason = name(info_.reason);
    s.profile_name = info_.profiles[order.profile];
    s.guest = info_.guest, s.split = info_.split, s.paging = info_.paging;
    s.stale_sites = stale_.sites.sites(), s.stale_uses = stale_.sites.uses();
    put_cpus(s), put_totals(s);
    const CpuState& cpu = *cpus_[order.cpu]->state;
    if (cpu.state().control.mode() == PagingMode::pae) s.slot_shift = directory_shift<Pae>;
    if (live_counts_) put_places(s), put_flushes(s);
    s.mmu = inspect_mmu(cpu, order.profile);
    if (ended()) return s;  // the guest's memory may be gone
    put_slots(s);
    if (order.inspect) put_inspection(s, *order.inspect);
    return s;
}

void Session::put_inspection(LiveSnapshot& s, uint64_t linear) const {
    const CpuState& cpu = *cpus_[s.cpu]->state;
    s.inspection = inspect_walk(*cpus_[s.cpu]->machine, cpu.state(), linear);
    s.inspected_zone = zone_of(info_, s.inspection->translation.frame);
    s.inspected_region = region_of(info_, linear, false);
    if (!live_dates_) return;
    for (const WalkStep& step : s.inspection->steps) s.step_dates.push_back(step.in_register ? EntryDates{} : live_dates_->entry(step.at));
    linear = s.inspection->linear;
    const auto covers = [&](VirtAddr first, unsigned shift) { return linear >> shift == first.raw >> shift; };
    for (const TlbContents& tlb : s.mmu.tlbs)
        for (const CachedTranslation& e : tlb.entries)
            if (covers(e.linear, e.shift))
                s.inspected_caches.push_back({tlb.name, e.set, e.way, e.frame + Pages{static_cast<uint32_t>((linear - e.linear.raw) >> page_shift)},
                                              live_dates_->cached(cpu, s.profile, tlb.level, e)});
    for (const CachedDirectoryEntry& e : s.mmu.pde_cache)
        if (covers(e.linear, e.shift)) s.inspected_caches.push_back({pde_cache_name, e.set, e.way, {}, live_dates_->cached(cpu, s.profile, e)});
}

void Session::put_cpus(LiveSnapshot& s) const {
    for (unsigned n = 0; n < cpus_.size(); ++n) {
        const CpuState& cpu = *cpus_[n]->state;
        LiveSnapshot::Cpu shown{cpu.instructions(), cpu.idle_ticks(), cpu.state(), cpus_[n]->machine->running().raw, {}, 0, {}};
        if (cpu.tasks()) shown.task = cpu.tasks()->name(), shown.pid = cpu.tasks()->pid();
        for (const SpanNow& span : open_spans(n)) shown.spans.push_back(*span.name ? span.name : std::to_string(span.id));
        s.cpus.push_back(std::move(shown));
    }
}

// Before a recording starts there is nothing to add up.
void Session::put_totals(LiveSnapshot& s) const {
    RunInfo::Cpu& sum = s.totals;
    sum.models.push_back({s.profile_name, 0, 0, 0, 0, 0});
    for (unsigned n = 0; started_ && n < cpus_.size(); ++n) {
        const RunInfo::Cpu c = counts_of(n);
        sum.instructions += c.instructions, sum.idle_ticks += c.idle_ticks, sum.cr3_writes += c.cr3_writes, sum.invlpg += c.invlpg;
        sum.page_faults += c.page_faults, sum.walk_reads += c.walk_reads, sum.walk_writes += c.walk_writes, sum.pdpte_loads += c.pdpte_loads;
        sum.fills_read += c.fills_read, sum.fills_write += c.fills_write, sum.fills_execute += c.fills_execute;
        RunInfo::Model& all = sum.models[0];
        const RunInfo::Model& m = c.models[s.profile];
        all.itlb_lookups += m.itlb_lookups, all.itlb_misses += m.itlb_misses, all.dtlb_lookups += m.dtlb_lookups, all.dtlb_misses += m.dtlb_misses, all.walks += m.walks;
    }
}

void Session::put_places(LiveSnapshot& s) const {
    const LiveCounts& counts = *live_counts_;
    s.counted_since = counts.since();
    s.elsewhere = counts.total(s.profile), s.other_region = counts.all_pages(s.profile);
    for (const RunInfo::Zone& z : info_.zones) {
        LiveCounts::Places in = counts.frames(z.start_pfn, z.end_pfn, s.profile);
        const uint64_t hole = std::max<uint64_t>(z.start_pfn, pc_hole_start), hole_end = std::min<uint64_t>(z.end_pfn, pc_hole_end);
        if (hole < hole_end) in -= counts.frames(hole, hole_end, s.profile);
        s.elsewhere -= in;
        s.end_pfn = std::max(s.end_pfn, z.end_pfn);
        s.zones.push_back({z.name, z.node, z.start_pfn, z.end_pfn, z.present_pages, in});
    }
    for (const RunInfo::Region& r : info_.regions) {
        const LiveCounts::Places in = counts_of_region(counts, info_.regions, r, s.profile);
        s.other_region -= in;
        s.regions.push_back({r.name, r.start, r.end, in});
    }
    if (info_.zones.empty()) s.end_pfn = setup_.memory_mib << (20 - page_shift);
    s.end_pfn = std::min(s.end_pfn, counts.end_frame());  // what a guest publishes may be anything
    unsigned further = 0;
    while (s.end_pfn >> (LiveCounts::memory_bin_shift + further) > most_memory_bins) ++further;
    s.pages_per_bin = uint64_t{1} << (LiveCounts::memory_bin_shift + further);
    s.memory = counts.memory(s.end_pfn, further, s.profile);
    s.slot_walks = counts.slots(s.slot_shift - page_shift, s.profile);
}

void Session::put_flushes(LiveSnapshot& s) const {
    for (unsigned n = 0; n < refill_causes; ++n) {
        const auto cause = static_cast<RefillCause>(n);
        if (!is_flush(cause)) continue;
        const LiveCounts::Flushes f = live_counts_->flushes(cause, s.profile);
        s.flushes.push_back({cause, f.dropped, f.dropping, f.made});
    }
}

void Session::put_slots(LiveSnapshot& s) const {
    const trace::State& state = cpus_[s.cpu]->state->state();
    const Machine& machine = *cpus_[s.cpu]->machine;
    if (state.control.mode() == PagingMode::classic) return read_directory<Classic>(machine, PhysAddr{state.control.cr3 & 0xFFFFF000}, s.slots);
    if (state.control.mode() != PagingMode::pae) return;
    for (const uint64_t pdpte : state.pdpte) {
        const Entry<Pae> e{pdpte};
        if (e.present()) read_directory<Pae>(machine, address(e.frame()), s.slots);
        else s.slots.resize(s.slots.size() + entries_per_table<Pae>);
    }
}

void Session::finish_live() {
    live_->finish([this](const LiveOrder& order) { return live_snapshot(order); });
    live_.reset();
}

}  // namespace plugin
