// SPDX-License-Identifier: LGPL-2.1-or-later
// A walk is remembered by its page; which of a profile's TLBs it filled is known from their geometry.
#include "live_dates.h"

#include <algorithm>

#include "cpu_state.h"

namespace plugin {

using namespace mm;

namespace {

using Level = MmuModel::Level;

bool holds(const TlbLevel& level, bool large) { return large ? level.holds_large() : level.exists(); }
unsigned slot_bits(const CpuState& cpu) { return cpu.models().shared().large_shift() - page_shift; }

// What a level of a profile is filled by.
struct Filling {
    bool fetches = false, data = false;  // walks of these
    bool later = false;                  // and by another level, at any time after a walk
};
Filling filling(const MmuGeometry& g, Level level, bool large) {
    const bool one_second = g.unified || g.second_unified;
    switch (level) {
    case Level::first_instruction: return {true, false, holds(one_second ? g.second_data : g.second_instruction, large)};
    case Level::first_data: return {g.unified, true, holds(g.second_data, large)};
    case Level::second_instruction: return {true, false, g.inclusion == Inclusion::exclusive};
    default: return {one_second, true, g.inclusion == Inclusion::exclusive};
    }
}

}  // namespace

LiveDates::LiveDates(unsigned cpus, unsigned profiles, const TableWatch* tables, uint64_t since)
    : profiles_{profiles}, tables_{tables}, since_{since}, tables_since_{since}, cpus_(cpus) {
    for (Walks& w : cpus_) w.pages = make_sparse<uint64_t>(page_place(linear_pages, 0, fetch)), w.slots.resize(slot_place(linear_regions, 0, fetch));
}

// --- walks

void LiveDates::walked(const CpuState& cpu, const trace::ModelWalk& e) {
    Walks& walks = cpus_[cpu.number()];
    const bool fetches = e.walk.access.kind == AccessKind::execute, maps_large = e.walk.reads == 1;
    const uint32_t page = e.walk.page.raw, slot = page >> slot_bits(cpu);
    const Column column = fetches ? fetch : data;
    for (unsigned p = 0; p < cpu.models().count(); ++p) {
        if (!(e.profiles >> p & 1)) continue;
        if (e.walk.reads > 1 && !(e.cached >> p & 1)) walks.slots[slot_place(slot, p, directory)] = cpu.ticks();
        if (e.walk.fault) continue;
        const MmuGeometry& g = cpu.models()[p].geometry();
        if (maps_large && (fetches && !g.unified ? g.instruction : g.data).holds_large()) walks.slots[slot_place(slot, p, column)] = cpu.ticks();
        else if (walks.pages) walks.pages[page_place(page, p, column)] = cpu.ticks();
    }
}

CachedSince LiveDates::cached(const CpuState& cpu, unsigned profile, Level level, const CachedTranslation& e) const {
    const Walks& walks = cpus_[cpu.number()];
    const bool large = e.shift != page_shift;
    if (!large && !walks.pages) return {};
    const uint32_t page = page_of(e.linear).raw;
    const auto last = [&](Column c) { return large ? walks.slots[slot_place(page >> slot_bits(cpu), profile, c)] : walks.pages[page_place(page, profile, c)]; };
    const Filling by = filling(cpu.models()[profile].geometry(), level, large);
    const uint64_t tick = std::max(by.fetches ? last(fetch) : 0, by.data ? last(data) : 0);
    if (tick != 0) return {by.later ? CachedSince::Kind::not_before : CachedSince::Kind::at, tick};
    return by.later ? CachedSince{} : CachedSince{CachedSince::Kind::before, since_};
}

CachedSince LiveDates::cached(const CpuState& cpu, unsigned profile, const CachedDirectoryEntry& e) const {
    const uint64_t tick = cpus_[cpu.number()].slots[slot_place(page_of(e.linear).raw >> slot_bits(cpu), profile, directory)];
    return tick != 0 ? CachedSince{CachedSince::Kind::at, tick} : CachedSince{CachedSince::Kind::before, since_};
}

// --- entries

void LiveDates::changed(const CpuState&, const EntryChange& change) {
    constexpr uint64_t by_processor = entry_bit::accessed | entry_bit::dirty;
    if (((change.old_entry ^ change.new_entry) & ~by_processor) == 0) return;
    if (changes_.size() >= most_changes && changes_.count(change.entry_at.raw) == 0) forget_tables(change.ticks);
    changes_[change.entry_at.raw] = change.ticks;
}

void LiveDates::begins(const CpuState& cpu) { forget_tables(cpu.ticks()); }

void LiveDates::found_table(Pfn frame, uint64_t tick) { tables_found_[frame.raw] = tick; }

void LiveDates::forget_tables(uint64_t now) {
    changes_.clear(), tables_found_.clear();
    tables_since_ = now;
}

EntryDates LiveDates::entry(PhysAddr at) const {
    const Pfn frame = frame_of(at);
    if (!tables_ || !tables_->watched(frame)) return {};
    const auto found = tables_found_.find(frame.raw);
    const uint64_t followed_since = found == tables_found_.end() ? tables_since_ : found->second;
    const auto change = changes_.find(at.raw);
    if (change != changes_.end() && change->second >= followed_since) return {change->second, std::nullopt};
    return {std::nullopt, followed_since};
}

}  // namespace plugin
