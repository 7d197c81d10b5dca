// SPDX-License-Identifier: LGPL-2.1-or-later
// Uses and walks. Changes of entries are in may_hold_changes.cc, invalidations in may_hold_flushes.cc.
#include "may_hold.h"

#include <algorithm>

namespace plugin {

using namespace mm;

MayHold::MayHold(StaleMode mode, const Machine& machine, const trace::State& state, MmuShared& shared, const LookupClock& clock, TableWatch& tables)
    : mode_{mode}, machine_{machine}, state_{state}, shared_{shared}, clock_{clock}, tables_{tables}, page_since_{make_sparse<uint64_t>(linear_pages)},
      walked_{make_sparse<Walked>(linear_pages)}, slots_(linear_regions), suspect_pages_{make_sparse<uint64_t>(linear_pages / 64)} {}

std::optional<PhysAddr> MayHold::directory_entry(uint32_t slot, const trace::State& s) const {
    if (!pae()) return PhysAddr{(s.control.cr3 & 0xFFFFF000) + slot * 4};
    const uint64_t pdpte = s.pdpte[slot >> 9];
    if (!(pdpte & entry_bit::present)) return std::nullopt;
    return address(table_of(pdpte)) + (slot & 511) * 8;
}

PageWalk MayHold::walk(uint32_t page, Access access, const trace::State& s, const Instead* instead, const uint64_t* pde) const {
    return page_walk(address(Vpn{page}), access, s.control, s.pdpte, pde, [&](PhysAddr at, unsigned bytes) {
        return instead && instead->at == at ? instead->value : machine_.load(at, bytes);
    });
}

uint64_t MayHold::invalidated(uint32_t page, bool global) const {
    const Slot& slot = slots_[slot_of(page)];
    return std::max({all_since_, global && slot.global ? slot.global_since : root_since_, page_since_[page], slot.tlb_since});
}

bool MayHold::used(uint32_t page, bool global) const {
    return mode_ == StaleMode::speculative || last_use(page) > invalidated(page, global);
}

// A use of any page in it may have been a walk that cached its directory entry.
bool MayHold::directory_used(uint32_t slot) const {
    if (mode_ == StaleMode::speculative) return true;
    return shared_.last_use(slot, true, all_kinds) > std::max({all_since_, root_since_, pde_since_, slots_[slot].pde_since});
}

// --- uses

// A processor without the stale translation would walk, and may hold what it finds from then on: no model's walk tells.
PageWalk MayHold::approach(VirtAddr a, Access access, const Cached& by) {
    const uint32_t page = page_of(a).raw;
    const PageWalk now = walk(page, access, state_);
    if (now.fault) return now;
    if (now.translation.permissions.global) note_global(slot_of(page), clock_.now);
    remember(page, now, by, clock_.now + 1);
    return now;
}

// The registers as they would be if the PDPTE were loaded.
trace::State MayHold::reloaded(unsigned gib) const {
    trace::State s = state_;
    s.pdpte[gib] = pdpte_change_[gib].change.new_entry;
    return s;
}

std::optional<MayHold::Use> MayHold::stale_use(VirtAddr a, Access access, bool cpl3, const PageWalk& now) const {
    const uint32_t page = page_of(a).raw, slot = slot_of(page);
    Use use;
    use.now = now;
    // What programs may use was used by the program; other pages by the processor on its behalf.
    const auto by = [&](const HeldTranslation& held) { return Access{access.kind, access.user || (cpl3 && held.translation.permissions.user)}; };
    const auto harms = [&](const StaleTranslation& s, const HeldTranslation& held) {
        const auto kind = harm(held, s.lost_dirty, outlived(s), use.now, by(held), state_.control);
        if (kind) use.kind = *kind, use.stale = &s, use.held = held;
        return kind.has_value();
    };
    for (const PageLists* pages : {&local_, &global_}) {
        const auto found = pages->find(page);
        if (found == pages->end()) continue;
        for (const StaleTranslation& s : found->second)
            if (harms(s, s.held)) return use;
    }
    const auto found = stale_slots_.find(slot);
    if (found != stale_slots_.end())
        for (const StaleTranslation& s : found->second) {
            HeldTranslation held = s.held;
            if (s.shape == StaleShape::leaf) held.translation.frame = held.translation.frame + Pages{page & ((1u << slot_bits()) - 1)};
            else held = HeldTranslation::from(walk(page, access, state_, nullptr, &s.pde));
            if (!harms(s, held)) continue;
            const bool reused = s.shape == StaleShape::directory && (s.table_reused || tables_.freed(table_of(s.pde)));
            if (reused) use.kind = StaleKind::table_freed;
            return use;
        }
    const unsigned gib = page >> 18;
    if (pdptes_changed_ >> gib & 1) {
        const PageWalk registers = use.now, memory = walk(page, access, reloaded(gib));
        const HeldTranslation held = HeldTranslation::from(registers);
        const bool differs = registers.fault ? !memory.fault : harm(held, false, false, memory, access, state_.control).has_value();
        if (differs) return use.kind = StaleKind::pdpte_not_loaded, use.stale = &pdpte_change_[gib], use.held = held, use.now = memory, use;
    }
    return std::nullopt;
}

void MayHold::visit_walks(VirtAddr a, Access access, const std::function<void(const PageWalk&, bool)>& visit) const {
    const uint32_t page = page_of(a).raw;
    visit(walk(page, access, state_), true);
    if (pdptes_changed_ >> (page >> 18) & 1) visit(walk(page, access, reloaded(page >> 18)), true);
    const auto found = stale_slots_.find(slot_of(page));
    if (found == stale_slots_.end()) return;
    for (const StaleTranslation& s : found->second)
        if (s.shape == StaleShape::directory) visit(walk(page, access, state_, nullptr, &s.pde), false);
}

std::optional<uint32_t> MayHold::writer_of(Pfn frame) const {
    std::optional<uint32_t> page;
    writers_.visit(frame, [&](uint32_t p) { if (!page) page = p; });
    return page;
}

// --- walks

void MayHold::walked(VirtAddr a, const PageWalk& w, const Cached& by) {
    if (w.fault || mode_ == StaleMode::off) return;
    const uint32_t page = page_of(a).raw, slot = slot_of(page);
    const bool is_large = w.translation.shift != page_shift;
    const auto watch = [this](PhysAddr entry, TablePlace place) { tables_.watch(frame_of(entry), place); };
    watch(w.pde_at, {TableLevel::pde, static_cast<uint16_t>(pae() ? page >> 18 : 0)});
    if (!is_large) watch(w.pte_at, {TableLevel::pte, static_cast<uint16_t>(slot)});
    if (w.translation.permissions.global) note_global(slot, clock_.now - 1);
    remember(page, w, by, clock_.now);
}

// `at`: the lookup that walks.
void MayHold::remember(uint32_t page, const PageWalk& w, const Cached& by, uint64_t at) {
    const auto begin = [&](uint32_t p) {
        if (walked_[p].at <= invalidated(p, w.translation.permissions.global)) walked_[p] = {by, at, false};
    };
    begin(page);
    walked_[page].dirty |= HeldTranslation::from(w).dirty;
    if (w.translation.shift != page_shift) begin(slot_of(page) << slot_bits());
}

// Other pages that the entry maps find D set in their next walk, which no model needs to make.
void MayHold::dirtied(PhysAddr entry, uint32_t own_page) {
    const uint32_t index = static_cast<uint32_t>(entry.raw & (page_size - 1)) / entry_bytes();
    for (const TablePlace place : tables_.places(frame_of(entry))) {
        const uint32_t page = (uint32_t{place.slot} << slot_bits()) + index;
        if (place.level != TableLevel::pte || page == own_page) continue;
        if (dirtied_.size() < most_listed || dirtied_.count(page) != 0) dirtied_[page] = clock_.now;
        else ++unfollowed_;
    }
}

// Whether a write through what is held of the page may leave D in memory as it is; its entry has D set now.
bool MayHold::held_dirty(uint32_t page, bool global) const {
    if (mode_ != StaleMode::used || walked_[page].dirty) return true;
    if (shared_.last_use(page, false, mask(AccessKind::write)) > invalidated(page, global)) return true;
    const auto by_another = dirtied_.find(page);
    return by_another != dirtied_.end() && last_use(page) > by_another->second;
}

// Uses after that may be of a global translation.
void MayHold::note_global(uint32_t slot, uint64_t since) {
    if (slots_[slot].global) return;
    slots_[slot].global = true, slots_[slot].global_since = since;
    global_slots_.push_back(slot);
}

void MayHold::table_found(Pfn frame) {
    writers_.visit(frame, [this](uint32_t page) { ask_about(page); });
}

// Of a page that only other pages' walks brought in, as a part of a large page: of those.
MayHold::Cached MayHold::cached_by(uint32_t page) const {
    return walked_[page].at > all_since_ ? walked_[page].by : walked_[slot_of(page) << slot_bits()].by;
}

// No model serves it unasked any longer.
void MayHold::ask_about(uint32_t page) { shared_.distrust(page); }
void MayHold::ask_about_slot(uint32_t slot) {
    for (uint32_t n = 0; n < 1u << slot_bits(); ++n) ask_about((slot << slot_bits()) + n);
}

// The directories say where every global page is, and the PDPTEs where the directories are: used or not. A processor that runs ahead may
// walk to any table.
void MayHold::watch_root() {
    if (mode_ == StaleMode::speculative)
        for (uint32_t slot = 0; slot < 1u << (20 - slot_bits()); ++slot)
            if (const auto entry = directory_entry(slot, state_)) watch_table(slot, load(*entry));
    const auto watch = [this](PhysAddr at, TablePlace place) { tables_.watch(frame_of(at), place); };
    if (!pae()) return watch(PhysAddr{state_.control.cr3 & 0xFFFFF000}, {TableLevel::pde, 0});
    watch(PhysAddr{state_.control.cr3}, {TableLevel::pdpte, static_cast<uint16_t>((state_.control.cr3 & 0xFFF) / 32)});
    for (uint16_t gib = 0; gib < 4; ++gib)
        if (state_.pdpte[gib] & entry_bit::present) watch(address(table_of(state_.pdpte[gib])), {TableLevel::pde, gib});
}

void MayHold::watch_table(uint32_t slot, uint64_t pde) {
    if (!(pde & entry_bit::present) || leaf(pde)) return;
    tables_.watch(table_of(pde), {TableLevel::pte, static_cast<uint16_t>(slot)});
}

}  // namespace plugin
