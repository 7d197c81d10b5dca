// SPDX-License-Identifier: LGPL-2.1-or-later
// Changes of entries: what a processor may hold of what they said, and who must be asked about it from now on.
#include <algorithm>

#include "may_hold.h"

namespace plugin {

using namespace mm;

bool MayHold::room() {
    if (listed_ < most_listed) return ++listed_, ++ever_listed_, true;
    return ++unfollowed_, false;
}

// What a TLB holds of the page; `was`: the walk that found it.
void MayHold::list(uint32_t page, const PageWalk& was, TableLevel level, const Change& change) {
    HeldTranslation held = HeldTranslation::from(was);
    held.dirty = held.dirty && held_dirty(page, held.translation.permissions.global);
    std::vector<StaleTranslation>& list = (held.translation.permissions.global ? global_ : local_)[page];
    const auto same = [&](const StaleTranslation& s) { return s.held == held; };
    if (held.translation.shift != page_shift) slots_[slot_of(page)].fragments = true;
    if (std::any_of(list.begin(), list.end(), same) || !room()) return;
    list.push_back({StaleShape::page, held, was.pde, false, {}, false, level, change, cached_by(page)});
}

void MayHold::list_slot(uint32_t slot, StaleTranslation stale) {
    std::vector<StaleTranslation>& list = stale_slots_[slot];
    const auto same = [&](const StaleTranslation& s) { return s.shape == stale.shape && meaning(s.pde, s.shape == StaleShape::leaf) == meaning(stale.pde, s.shape == StaleShape::leaf); };
    if (std::any_of(list.begin(), list.end(), same) || !room()) return;
    list.push_back(stale);
}

template <class Do> void MayHold::each_stale(uint32_t page, Do&& act) {
    for (PageLists* pages : {&local_, &global_}) {
        const auto found = pages->find(page);
        if (found == pages->end()) continue;
        for (StaleTranslation& s : found->second) act(s);
    }
}

// Whether software has cleared D in the entry that maps the page, and not in passing: other tables, or a page of another size, are no
// such change, and clear D is theirs by right.
bool MayHold::cleared_dirty(TableLevel level, const Change& change) const {
    const uint64_t both = change.old_entry & change.new_entry;
    if (!(both & entry_bit::present) || (level == TableLevel::pde && !leaf(both))) return false;
    return (change.old_entry & entry_bit::dirty) && !(change.new_entry & entry_bit::dirty);
}

// `clean`: D is clear in what maps the page now.
void MayHold::note_dirty(StaleTranslation& s, bool clean, TableLevel level, const Change& change) const {
    s.lost_dirty = clean && s.held.dirty && (s.lost_dirty || cleared_dirty(level, change));
}

// A global translation is right for as long as the tables say the same page, global or not: it does no harm before it outlives a flush
// that was to drop it.
void MayHold::note_local(StaleTranslation& s, bool right_and_global) const {
    if (!s.held.translation.permissions.global || right_and_global) s.local_since.reset();
    else if (!s.local_since) s.local_since = local_flushes_;
}

// Whether accesses to the page must be asked about. To blame is the change with which a translation began to do harm.
void MayHold::judge(uint32_t page, const Blame* blame) {
    const PageWalk now = walk(page, {}, state_);
    if (now.translation.permissions.global) note_global(slot_of(page), clock_.now);  // the models may be content with the stale one
    const bool clean = now.translation.mapped() && !HeldTranslation::from(now).dirty;
    bool suspect = false;
    each_stale(page, [&](StaleTranslation& s) {
        if (blame) note_dirty(s, clean, blame->level, blame->change);
        if (blame && harmless(s.held, false, blame->was) && !harmless(s.held, false, now)) s.level = blame->level, s.change = blame->change;
        note_local(s, now.translation.mapped() && now.translation.permissions.global && now.translation.frame == s.held.translation.frame);
        suspect |= !harmless(s.held, s.lost_dirty, now);
    });
    set_bit(suspect_pages_.get(), page, suspect);
    if (suspect) ask_about(page);
}

void MayHold::judge_slot(uint32_t slot, const Change* change) {
    const auto entry = directory_entry(slot, state_);
    const uint64_t now = entry ? load(*entry) : 0;
    bool suspect = false;
    const auto found = stale_slots_.find(slot);
    if (found != stale_slots_.end())
        for (StaleTranslation& s : found->second) {
            const bool is_leaf = s.shape == StaleShape::leaf;
            const bool large_now = is_leaf && (now & entry_bit::present) && leaf(now);
            if (is_leaf && change) note_dirty(s, large_now && !(now & entry_bit::dirty), TableLevel::pde, *change);
            if (is_leaf) note_local(s, large_now && (now & entry_bit::global) && table_of(now) == table_of(s.pde));
            suspect |= s.lost_dirty || !translates_the_same(s.pde, now, is_leaf);
        }
    const unsigned regions = 1u << (shared_.large_shift() - region_shift);
    for (unsigned n = 0; n < regions; ++n) set_bit(suspect_regions_, slot * regions + n, suspect);
    if (suspect) ask_about_slot(slot);
}

void MayHold::page_changed(uint32_t page, const Change& change) {
    const Instead before{change.entry_at, change.old_entry};
    const PageWalk was = walk(page, {}, state_, &before);
    if (was.pte_at != change.entry_at) return;
    if (was.translation.mapped() && used(page, was.translation.permissions.global)) list(page, was, TableLevel::pte, change);
    page_since_[page] = clock_.now;
    const Blame blame{TableLevel::pte, change, was};
    if (local_.count(page) + global_.count(page) != 0) judge(page, &blame);
}

// Software has set D in its entry, where a walk through another page may have set it before.
void MayHold::dirty_again(uint32_t page) {
    each_stale(page, [](StaleTranslation& s) { s.lost_dirty = false; });
    if (local_.count(page) + global_.count(page) != 0) judge(page);
}

void MayHold::dirty_again_in(uint32_t slot) {
    const auto found = stale_slots_.find(slot);
    if (found != stale_slots_.end())
        for (StaleTranslation& s : found->second) s.lost_dirty = false;
    for (uint32_t n = 0; n < 1u << slot_bits(); ++n) dirty_again((slot << slot_bits()) + n);
    judge_slot(slot, nullptr);
}

void MayHold::directory_changed(uint32_t slot, const Change& change) {
    const uint64_t was = change.old_entry;
    const bool was_leaf = leaf(was);
    StaleTranslation whole;
    whole.pde = was, whole.level = TableLevel::pde, whole.change = change;
    bool any = false;
    const Instead before{change.entry_at, was};
    for (uint32_t n = 0; n < 1u << slot_bits(); ++n) {
        const uint32_t page = (slot << slot_bits()) + n;
        if (mode_ == StaleMode::used && last_use(page) <= all_since_) continue;
        const PageWalk old = walk(page, {}, state_, &before);
        if (old.translation.mapped() && used(page, old.translation.permissions.global)) {
            list(page, old, TableLevel::pde, change);
            if (mode_ == StaleMode::speculative || last_use(page) > slots_[slot].leaf_since) {
                const bool dirty = (any && whole.held.dirty) || (HeldTranslation::from(old).dirty && held_dirty(page, old.translation.permissions.global));
                if (!any) whole.cached = cached_by(page), whole.held = HeldTranslation::from(old);
                any = true, whole.held.dirty = dirty;
            }
        }
        page_since_[page] = clock_.now;
        const Blame blame{TableLevel::pde, change, old};
        if (local_.count(page) + global_.count(page) != 0) judge(page, &blame);
    }
    if (any && was_leaf) {
        whole.shape = StaleShape::leaf;
        whole.held.translation.frame = Pfn{whole.held.translation.frame.raw & ~((1u << slot_bits()) - 1)};
        list_slot(slot, whole);
    }
    if ((was & entry_bit::present) && !was_leaf && directory_used(slot)) {
        whole.shape = StaleShape::directory;
        whole.held = {};
        list_slot(slot, whole);
    }
    if (leaf(change.new_entry) && (change.new_entry & entry_bit::global) && state_.control.global_pages()) note_global(slot, clock_.now);
    slots_[slot].pde_since = std::max(slots_[slot].pde_since, clock_.now);
    const auto entry = directory_entry(slot, state_);
    if (entry) watch_table(slot, load(*entry));
    judge_slot(slot, &change);
}

bool MayHold::entry_changed(const Change& change, TablePlace place) {
    if (const PagingMode mode = state_.control.mode(); mode == PagingMode::none || mode == PagingMode::long_mode) return false;
    const Pfn frame = frame_of(change.entry_at);
    const uint32_t index = static_cast<uint32_t>(change.entry_at.raw & (page_size - 1)) / entry_bytes();
    switch (place.level) {
    case TableLevel::pte: {
        const uint32_t slot = place.slot;
        const auto entry = directory_entry(slot, state_);
        const uint64_t pde = entry ? load(*entry) : 0;
        if (!(pde & entry_bit::present) || leaf(pde) || table_of(pde) != frame) return stale_slots_.count(slot) != 0;
        if (!says_the_same(change.old_entry, change.new_entry, true)) page_changed((slot << slot_bits()) + index, change);
        else if (change.new_entry & entry_bit::dirty) dirty_again((slot << slot_bits()) + index);
        return true;
    }
    case TableLevel::pde: {
        const uint32_t slot = pae() ? place.slot * 512u + index : index;
        const auto entry = directory_entry(slot, state_);
        if (!entry || *entry != change.entry_at) return false;
        if (!says_the_same(change.old_entry, change.new_entry, leaf(change.old_entry) && leaf(change.new_entry))) directory_changed(slot, change);
        else if (leaf(change.new_entry) && (change.new_entry & entry_bit::dirty)) dirty_again_in(slot);
        return true;
    }
    case TableLevel::pdpte: break;
    }
    if (!pae() || (state_.control.cr3 & 0xFFFFFFE0) != address(frame).raw + place.slot * 32u) return false;
    if (index / 4 == place.slot) pdpte_changed(index % 4, change);
    return true;
}

void MayHold::pdpte_changed(unsigned gib, const Change& change) {
    StaleTranslation& s = pdpte_change_[gib];
    s.level = TableLevel::pdpte, s.change = change, s.cached = root_loaded_;
    const bool differs = (change.new_entry & ~uint64_t{0xE00}) != (state_.pdpte[gib] & ~uint64_t{0xE00});
    pdptes_changed_ = (pdptes_changed_ & ~(1u << gib)) | unsigned{differs} << gib;
    if (!differs) return;
    for (uint32_t page = gib << 18; page < (gib + 1) << 18; ++page) ask_about(page);
}

void MayHold::table_written(Pfn frame) {
    for (auto& [slot, list] : stale_slots_)
        for (StaleTranslation& s : list)
            if (s.shape == StaleShape::directory && table_of(s.pde) == frame) s.table_reused = true;
}

}  // namespace plugin
