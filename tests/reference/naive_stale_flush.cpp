// SPDX-License-Identifier: LGPL-2.1-or-later
// What each invalidation takes away (SDM vol. 3, 4.10.4.1), and what is left.
#include "naive_stale.hpp"

namespace reference {

using namespace mm;

void NaiveStale::flush_non_global(bool other_tables) {
    cr3_loaded_ = ++now_;
    if (other_tables) tables_changed_ = now_;
    for (auto* const held : {&pages_, &large_pages_})
        for (auto& [place, list] : *held) std::erase_if(list, [](const Held& h) { return !h.view.translation.permissions.global; });
    std::erase_if(pages_, [](const auto& p) { return p.second.empty(); });
    std::erase_if(large_pages_, [](const auto& p) { return p.second.empty(); });
    directories_.clear();
}

void NaiveStale::flush_all() {
    pages_.clear(), large_pages_.clear(), directories_.clear();
}

// All directory entries go, whatever address they serve, and every piece of a large page that the address was in: "One execution of INVLPG is
// sufficient even for a page with size greater than 4 KBytes" (4.10.4.2), also if its entry has been cleared before.
void NaiveStale::flush_page(VirtAddr a, const trace::State& s) {
    const unsigned shift = slot_shift(s.control);
    const uint32_t slot = a.raw >> shift, pages = 1u << (shift - page_shift);
    pages_.erase(page_of(a).raw);
    large_pages_.erase(slot);
    directories_.clear();
    for (auto p = pages_.lower_bound(slot * pages); p != pages_.end() && p->first / pages == slot; ++p)
        std::erase_if(p->second, [](const Held& h) { return h.view.large(); });
}

// What would be used to translate this address, but no global translations; the pieces of a large page are one translation.
void NaiveStale::flush_address(VirtAddr a, const trace::State& s) {
    const unsigned shift = slot_shift(s.control);
    const uint32_t slot = a.raw >> shift, pages = 1u << (shift - page_shift);
    const auto local = [](const Held& h) { return !h.view.translation.permissions.global; };
    if (const auto p = pages_.find(page_of(a).raw); p != pages_.end()) std::erase_if(p->second, local);
    if (const auto p = large_pages_.find(slot); p != large_pages_.end()) std::erase_if(p->second, local);
    for (auto p = pages_.lower_bound(slot * pages); p != pages_.end() && p->first / pages == slot; ++p)
        std::erase_if(p->second, [&](const Held& h) { return h.view.large() && local(h); });
    directories_.erase(slot);
}

void NaiveStale::flush_fault(VirtAddr a, const trace::State& s) {
    pages_.erase(page_of(a).raw);
    large_pages_.erase(slot_of(a, s.control));
    directories_.erase(slot_of(a, s.control));
}

void NaiveStale::each_entry(const std::function<void(PhysAddr)>& visit) const {
    for (const auto* const held : {&pages_, &large_pages_})
        for (const auto& [place, list] : *held)
            for (const Held& h : list) {
                visit(h.view.pde_at);
                if (!h.view.large()) visit(h.view.pte_at);
            }
    for (const auto& [slot, list] : directories_)
        for (const HeldDirectory& d : list) visit(d.at);
}

void NaiveStale::each_table(const std::function<void(Pfn)>& visit) const {
    for (const auto& [slot, list] : directories_)
        for (const HeldDirectory& d : list) visit(d.table());
}

bool NaiveStale::names(Pfn table) const {
    bool found = false;
    each_table([&](Pfn t) { found |= t == table; });
    return found;
}

}  // namespace reference
