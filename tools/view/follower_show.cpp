// SPDX-License-Identifier: LGPL-2.1-or-later
// Makes what is shown out of what was counted.
#include <algorithm>

#include "tools/view/follower.hpp"

namespace tools::view {
namespace {

namespace trace = mm::trace;

template <class F>
void fill_slots(LinearMap& map, const trace::State& s, const KnownEntries& entries, const typename F::Root& root) {
    map.slot_shift = mm::directory_shift<F>;
    map.slots.resize(size_t{1} << (32 - map.slot_shift));
    for (size_t n = 0; n < map.slots.size(); ++n) {
        LinearSlot& slot = map.slots[n];
        const mm::VirtAddr at{static_cast<uint32_t>(n << map.slot_shift)};
        const uint64_t directory = mm::directory_of(root, at);
        if (!(directory & mm::entry_bit::present)) {
            slot.content = SlotContent::not_present;
            continue;
        }
        const mm::PhysAddr pde_at{(directory & 0x000000FFFFFFF000) + mm::directory_index<F>(at) * sizeof(typename F::Raw)};
        const KnownEntry* const known = entries.find(pde_at);
        if (!known) continue;
        const mm::Entry<F> pde{static_cast<typename F::Raw>(known->value)};
        slot.seen = known->seen, slot.user = pde.user(), slot.writable = pde.writable();
        if (!pde.present()) slot.content = SlotContent::not_present;
        else if (mm::leaf_directory_entry(pde, s.control)) slot.content = SlotContent::large_page, slot.mapped = mm::entries_per_table<F>;
        else slot.content = SlotContent::table, slot.mapped = static_cast<uint16_t>(entries.present_in(pde.frame()));
    }
}

}  // namespace

LinearMap linear_map(const trace::State& s, const KnownEntries& entries) {
    LinearMap map;
    map.root = address_space_of(s);
    if (s.control.mode() == mm::PagingMode::classic) fill_slots<mm::Classic>(map, s, entries, {mm::PhysAddr{s.control.cr3 & 0xFFFFF000}});
    if (s.control.mode() == mm::PagingMode::pae) fill_slots<mm::Pae>(map, s, entries, {{s.pdpte[0], s.pdpte[1], s.pdpte[2], s.pdpte[3]}});
    return map;
}

void Follower::show_memory(uint64_t tick, Snapshot& s) const {
    s.memory = {recording_->end_pfn, uint64_t{1} << recording_->bin_shift, recording_->recent_ticks(), {}};
    for (const Bin& b : bins_) s.memory.bins.push_back({b.walks, b.fills, 0, 0});
    s.linear = linear_map(registers_, entries_);
    s.linear.split = split_line_of(recording_->run.regions);
    const unsigned merged = s.linear.slot_shift - mm::region_shift;  // a slot is one or two regions of 2 MiB
    if (!s.linear.slots.empty())
        for (size_t n = 0; n < slots_.size(); ++n) s.linear.slots[n >> merged].walks += slots_[n];
    const uint64_t since = tick - std::min(tick, recording_->recent_ticks());
    recent_.since(since, [&](const RecentWalks::Walk& w) {
        if (w.translated && w.frame.raw < recording_->end_pfn) {
            HeatBin& bin = s.memory.bins[w.frame.raw >> recording_->bin_shift];
            ++(w.fill ? bin.recent_fills : bin.recent_walks);
        }
        if (!w.fill && !s.linear.slots.empty()) ++s.linear.slots[mm::address(w.page).raw >> s.linear.slot_shift].recent_walks;
    });
}

void Follower::show(uint64_t tick, Snapshot& s) const {
    const RunInfo& run = recording_->run;
    s.instructions = instructions_.value(), s.events = events_;
    s.task = running_.task();
    s.split = run.split, s.paging = run.paging, s.guest = run.guest;
    s.profile = recording_->has_profile ? run.profiles[recording_->number] : "";
    s.registers = registers_;
    s.spans.clear();
    for (const uint16_t id : spans_) {
        const auto name = recording_->span_names.find(id);
        s.spans.push_back(name == recording_->span_names.end() ? "span " + std::to_string(id) : name->second);
    }
    s.zones.clear(), s.regions.clear(), s.flushes.clear();
    for (unsigned n = 0; n < zones_.size(); ++n) {
        const bool named = n < run.zones.size();
        const Place& p = zones_[n];
        const double cycles = recording_->has_profile ? walk_cycles(p.walks, recording_->profile).best : 0;
        s.zones.push_back({recording_->zone_name(n), named ? run.zones[n].start_pfn : 0, named ? run.zones[n].end_pfn : 0, p.walks.walks, p.fills, p.refills, cycles});
    }
    for (unsigned n = 0; n < regions_.size(); ++n) {
        const bool named = n < run.regions.size();
        s.regions.push_back({recording_->region_name(n), named ? run.regions[n].start : 0, named ? run.regions[n].end : 0, regions_[n].walks.walks, regions_[n].fills});
    }
    for (unsigned f = 0; f < flush_causes; ++f)
        s.flushes.push_back({mm::name(static_cast<mm::RefillCause>(f + first_flush_cause)), flushes_[f].all, flushes_[f].dropping});
    show_memory(tick, s);
    s.strips = strips_.strips(tick, s.zones.size());
}

}  // namespace tools::view
