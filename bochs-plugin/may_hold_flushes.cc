// SPDX-License-Identifier: LGPL-2.1-or-later
// What each invalidation takes away of what a processor may hold (SDM vol. 3, 4.10.4.1).
#include <algorithm>

#include "may_hold.h"

namespace plugin {

using namespace mm;

void MayHold::flush_all() {
    flush_cached();
    pdptes_changed_ = 0;
}

void MayHold::flush_cached() {
    all_since_ = clock_.now;
    for (const PageLists* pages : {&local_, &global_})
        for (const auto& [page, list] : *pages) set_bit(suspect_pages_.get(), page, false);
    local_.clear(), global_.clear(), stale_slots_.clear();
    for (uint64_t& word : suspect_regions_) word = 0;
    for (Slot& slot : slots_) slot.global = slot.fragments = false;
    global_slots_.clear();
    dirtied_.clear();
    listed_ = 0;
}

void MayHold::drop_page(uint32_t page) {
    page_since_[page] = clock_.now;
    for (PageLists* pages : {&local_, &global_}) {
        const auto found = pages->find(page);
        if (found == pages->end()) continue;
        listed_ -= found->second.size();
        pages->erase(found);
    }
    set_bit(suspect_pages_.get(), page, false);
}

template <class Gone> void MayHold::drop_slots(Gone&& gone) {
    for (auto at = stale_slots_.begin(); at != stale_slots_.end();) {
        std::vector<StaleTranslation>& list = at->second;
        const uint32_t slot = at->first;
        const size_t before = list.size();
        list.erase(std::remove_if(list.begin(), list.end(), [&](const StaleTranslation& s) { return gone(slot, s); }), list.end());
        listed_ -= before - list.size();
        if (list.size() == before) ++at;
        else if (!list.empty()) judge_slot(slot), ++at;
        else at = stale_slots_.erase(at), judge_slot(slot);
    }
}

// What is held of large pages of the slot; one INVLPG is enough for all of it (SDM vol. 3, 4.10.4.2). `mapped_large`: as memory says now.
void MayHold::drop_fragments(uint32_t slot, bool mapped_large, bool global_too) {
    if (mapped_large) slots_[slot].tlb_since = clock_.now;
    if (!slots_[slot].fragments) return;
    slots_[slot].fragments = !global_too;
    for (uint32_t n = 0; n < 1u << slot_bits(); ++n) {
        const uint32_t page = (slot << slot_bits()) + n;
        bool dropped = false;
        for (PageLists* pages : {&local_, &global_}) {
            const auto found = pages->find(page);
            if (found == pages->end() || (pages == &global_ && !global_too)) continue;
            std::vector<StaleTranslation>& list = found->second;
            const size_t before = list.size();
            list.erase(std::remove_if(list.begin(), list.end(), [](const StaleTranslation& s) { return s.held.translation.shift != page_shift; }), list.end());
            listed_ -= before - list.size();
            dropped |= list.size() != before;
            if (list.empty()) pages->erase(found);
        }
        if (dropped) judge(page);
    }
}

void MayHold::flush_page(VirtAddr a) {
    if (mode_ == StaleMode::off) return;
    const uint32_t page = page_of(a).raw, slot = slot_of(page);
    drop_page(page);
    pde_since_ = clock_.now;
    drop_slots([&](uint32_t at, const StaleTranslation& s) { return s.shape == StaleShape::directory || at == slot; });
    const auto entry = directory_entry(slot, state_);
    const uint64_t pde = entry ? load(*entry) : 0;
    const bool is_large = (pde & entry_bit::present) && leaf(pde);
    if (slots_[slot].fragments || is_large) drop_fragments(slot, is_large, true);
}

void MayHold::flush_address(VirtAddr a) {
    if (mode_ == StaleMode::off) return;
    const uint32_t page = page_of(a).raw, slot = slot_of(page);
    const Translation now = walk(page, {}, state_).translation;
    const bool is_large = now.mapped() && now.shift != page_shift, stays = now.permissions.global;
    if (!stays) page_since_[page] = clock_.now;
    if (const auto found = local_.find(page); found != local_.end()) {
        listed_ -= found->second.size();
        local_.erase(found);
        judge(page);
    }
    slots_[slot].pde_since = clock_.now;
    drop_slots([&](uint32_t at, const StaleTranslation& s) { return at == slot && (s.shape == StaleShape::directory || !s.held.translation.permissions.global); });
    if (slots_[slot].fragments || is_large) drop_fragments(slot, is_large && !stays, false);
}

void MayHold::flush_faulting(VirtAddr a) {
    if (mode_ == StaleMode::off) return;
    const uint32_t page = page_of(a).raw, slot = slot_of(page);
    drop_page(page);
    slots_[slot].pde_since = slots_[slot].leaf_since = clock_.now;
    drop_slots([&](uint32_t at, const StaleTranslation&) { return at == slot; });
}

// The pages to judge again then.
std::vector<uint32_t> MayHold::drop_non_global() {
    std::vector<uint32_t> again;
    for (const auto& [page, list] : local_) {
        listed_ -= list.size();
        set_bit(suspect_pages_.get(), page, false);
        if (global_.count(page) != 0) again.push_back(page);
    }
    local_.clear();
    root_since_ = clock_.now, ++local_flushes_;
    drop_slots([](uint32_t, const StaleTranslation& s) { return s.shape == StaleShape::directory || !s.held.translation.permissions.global; });
    return again;
}

void MayHold::flush_non_global() {
    if (mode_ == StaleMode::off) return;
    for (const uint32_t page : drop_non_global()) judge(page);
}

void MayHold::change_root(const trace::State& before, const Change& by) {
    if (mode_ == StaleMode::off) return;
    std::vector<uint32_t> again = drop_non_global();
    pdptes_changed_ = 0;
    root_loaded_ = {AccessKind::read, by.ip, by.ticks};
    // A global page stays, whatever the new tables say of it.
    for (const uint32_t slot : global_slots_) {
        const auto old_at = directory_entry(slot, before), new_at = directory_entry(slot, state_);
        const uint64_t was = old_at ? load(*old_at) : 0, is = new_at ? load(*new_at) : 0;
        if (translates_the_same(was, is, leaf(was) && leaf(is))) continue;
        watch_table(slot, is);
        for (uint32_t n = 0; n < 1u << slot_bits(); ++n) {
            const uint32_t page = (slot << slot_bits()) + n;
            if (global_.count(page) != 0) again.push_back(page);
            if (mode_ == StaleMode::used && last_use(page) <= all_since_) continue;
            const PageWalk old = walk(page, {}, before);
            const bool held = used(page, true);
            page_since_[page] = clock_.now;
            if (!held || !old.translation.mapped() || !old.translation.permissions.global) continue;
            const PageWalk now = walk(page, {}, state_);
            const bool large = old.translation.shift != page_shift, large_now = now.translation.shift != page_shift;
            Change change = by;
            change.entry_at = large ? old.pde_at : old.pte_at;
            change.old_entry = large ? old.pde : old.pte;
            change.new_entry = !now.translation.mapped() ? 0 : large_now ? now.pde : now.pte;
            list(page, old, large ? TableLevel::pde : TableLevel::pte, change);
            again.push_back(page);
        }
    }
    for (const uint32_t page : again) judge(page);
    watch_root();
}

void MayHold::load_pdptes() {
    if (mode_ == StaleMode::off) return;
    pdptes_changed_ = 0;
    pde_since_ = clock_.now;
    drop_slots([](uint32_t, const StaleTranslation& s) { return s.shape == StaleShape::directory; });
    watch_root();
}

}  // namespace plugin
