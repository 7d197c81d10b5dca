// SPDX-License-Identifier: LGPL-2.1-or-later
// The TLBs of one CPU by one profile, and the rules by which they are filled and invalidated (SDM vol. 3, 4.10.2-4.10.4).
//
//   look_up --> first level serves it, or the second (which refills the first), or nobody: the caller walks and fill()s
//   MOV CR3, INVLPG, CR0/CR4 changes, page faults, task switches, SMM --> flush_*(), each returns what it dropped
//
// An entry that forbids the access is no hit: the processor walks again before it faults. doc/timing-model.md has the rules in words;
// tests compare them with a slow model that was written apart from this one.
#pragma once

#include "mm/mmu_counts.hpp"
#include "mm/pde_cache.hpp"
#include "mm/tlb_level.hpp"

namespace mm {

constexpr bool open_to_programs(Permissions p, AccessKind k) { return p.user && (k != AccessKind::write || p.write); }

class MmuModel {
public:
    // `number`: its bit in PageRecord::served, below max_models. The geometry is consistent; it and `shared` outlive the model.
    MmuModel(const MmuGeometry& g, unsigned number, MmuShared& shared)
        : geometry_{g}, number_{number}, shared_{shared},
          levels_{{g.instruction, {number, one_side(g) ? 1u : 0u, mask(AccessKind::execute)}, shared},
                  {g.data, {number, 1, g.unified ? all_kinds : g.loads_only ? mask(AccessKind::read) : data_kinds}, shared},
                  {g.second_instruction, {number, one_side(g) ? 1u : 0u, 0}, shared},
                  {g.second_data, {number, 1, g.loads_only ? mask(AccessKind::write) : uint8_t{0}}, shared}},
          pde_cache_{g.pde_cache} {}

    const MmuGeometry& geometry() const { return geometry_; }
    PdeCache& pde_cache() { return pde_cache_; }
    const PdeCache& pde_cache() const { return pde_cache_; }
    // misses and walks; lookups are counted by the caller.
    const LookupCounts& counts(AccessKind k) const { return counts_[k != AccessKind::execute]; }
    // Lookups that the second level served, stores under loads_only not among them.
    uint64_t second_hits() const { return second_hits_; }

    enum class Served : uint8_t { by_first, by_second, by_nobody };
    struct Lookup {
        Served served = Served::by_nobody;
        Pfn frame{};             // of the 4 KiB page, if anybody served it
        bool user = false;       // whether the entry serves CPL 3, too
        bool forbidden = false;  // an entry was there that does not allow the access
        bool stays = false;      // such an entry is still in the first level, though the second served the access
    };

    Lookup look_up(uint32_t page, Access access, const Control& control, uint64_t now) {
        LevelTlbs &f = first(access.kind), &s = second(access.kind);
        Lookup result;
        const bool store_only = geometry_.loads_only && access.is_write();
        if (!store_only)
            if (TlbEntry* const e = allowed(f.find(page), access, control, result)) {
                e->used = now;
                return served(page, access.kind, *e, Served::by_first, result);
            }
        const bool forbidden_by_first = result.forbidden;
        TlbEntry* const e = s.exists() ? allowed(s.find(page), access, control, result) : nullptr;
        if (!e) return ++count(access.kind).misses, ++count(access.kind).walks, result;
        e->used = now;
        const TlbEntry found = *e;
        if (store_only) return served(page, access.kind, found, Served::by_first, result);
        ++count(access.kind).misses, ++second_hits_;
        if (!f.holds(found.large)) return result.stays = forbidden_by_first, answer(page, access.kind, found, Served::by_second, result);
        if (geometry_.inclusion == Inclusion::exclusive) s.remove(*e);
        if (forbidden_by_first) f.remove_page(page);
        fill_first(f, s, found, now);
        return served(page, access.kind, found, Served::by_second, result);
    }

    // A use of the entry that serves the page unasked.
    void touch(uint32_t page, AccessKind kind, uint64_t now) {
        LevelTlbs& level = geometry_.loads_only && kind == AccessKind::write ? second(kind) : first(kind);
        const LevelTlbs::Found found = level.find(page);
        if (found.small) found.small->used = now;
        if (found.large) found.large->used = now;
    }

    // Whether a level that serves this kind of access has a translation of the page to that frame.
    bool holds(uint32_t page, AccessKind kind, Pfn frame) {
        const auto has = [&](LevelTlbs& level) {
            const LevelTlbs::Found found = level.exists() || level.holds_large() ? level.find(page) : LevelTlbs::Found{};
            return (found.small && frame_in(*found.small, page) == frame) || (found.large && frame_in(*found.large, page) == frame);
        };
        return has(first(kind)) || has(second(kind));
    }
    bool holds_directory_entry(uint32_t page, uint64_t pde) const { return pde_cache_.has(shared_.large_page(page), pde); }

    // Caches what the walk after a miss found and returns the cause of that miss.
    RefillCause fill(uint32_t page, const Translation& t, AccessKind kind, bool forbidden, uint64_t now) {
        LevelTlbs &f = first(kind), &s = second(kind);
        const bool large = t.shift != page_shift && f.holds_large(), store_only = geometry_.loads_only && kind == AccessKind::write;
        TlbEntry entry;
        entry.page = large ? shared_.large_page(page) : page;
        entry.frame = large ? t.frame - Pages{page & ((1u << (t.shift - page_shift)) - 1)} : t.frame;
        entry.translation = shared_.translations.find_or_add(shared_.key(entry.page, entry.frame, large));
        entry.permissions = t.permissions;
        entry.large = large, entry.fragment = !large && t.shift != page_shift;
        const RefillCause cause = shared_.translations.cause(entry.translation, f.side(), number_);
        shared_.translations.set_cause(entry.translation, f.side(), number_, RefillCause::evicted);

        if (forbidden || store_only) f.remove_page(page), s.remove_page(page);
        if (large) f.remove_inside(entry.page), s.remove_inside(entry.page);
        if (geometry_.inclusion != Inclusion::exclusive && s.exists() && s.holds(large)) {
            TlbEntry victim;
            if (s.insert(entry, now, victim) && geometry_.inclusion == Inclusion::inclusive) leave_first(f, victim);
        }
        if (!store_only) fill_first(f, s, entry, now);
        shared_.serve(page, kind, number_, large);
        return cause;
    }

    // MOV CR3: keeps global pages where the CPU has them and CR4.PGE is set.
    Dropped flush_non_global(RefillCause cause, const Control& control) {
        const bool keep = geometry_.global_pages && control.global_pages();
        return flush_where(cause, [keep](const TlbEntry& e) { return !(keep && e.permissions.global); });
    }
    // CR0.PG changed, CR4 (cr4_write_flushes()); SMM entry and RSM.
    Dropped flush_all(RefillCause cause) {
        return flush_where(cause, [](const TlbEntry&) { return true; });
    }
    // INVLPG: the page, global or not, whatever its size, with every fragment of a large page, and all cached directory entries.
    Dropped flush_page(uint32_t page, RefillCause cause) {
        const uint32_t large = shared_.large_page(page);
        Dropped d = drop_page(page, cause);
        each_level([&](LevelTlbs& level, unsigned& dropped) {
            if (level.has_fragments())
                dropped += level.drop_where(cause, [&](const TlbEntry& e) { return e.fragment && shared_.large_page(e.page) == large; });
        }, d);
        d.pde = pde_cache_.drop_all();
        return d;
    }
    // INVPCID of one address: as INVLPG, but global pages stay, and the cached directory entries of other addresses.
    Dropped flush_address(uint32_t page, RefillCause cause, const Control& control) {
        const uint32_t large = shared_.large_page(page);
        const bool keep = geometry_.global_pages && control.global_pages();
        Dropped d;
        each_level([&](LevelTlbs& level, unsigned& dropped) {
            dropped += level.drop_where(cause, [&](const TlbEntry& e) {
                const bool maps = e.large ? e.page == large : e.page == page || (e.fragment && shared_.large_page(e.page) == large);
                return maps && !(keep && e.permissions.global);
            });
        }, d);
        d.pde = pde_cache_.drop(large);
        return d;
    }
    // A page fault: the page and its directory entry.
    Dropped flush_faulting(uint32_t page, RefillCause cause) {
        Dropped d = drop_page(page, cause);
        d.pde = pde_cache_.drop(shared_.large_page(page));
        return d;
    }

    // After flush_all(): the size of a large page has changed.
    void forget_small_pages() {
        for (LevelTlbs& l : levels_) l.forget_small_pages();
    }
    // Permissions have another meaning now (CR0.WP, EFER.NXE): every page must be asked for again.
    void withdraw_all() {
        for (LevelTlbs& l : levels_) l.withdraw_all();
    }

    enum Level : unsigned { first_instruction, first_data, second_instruction, second_data, level_count };
    // visit(level, entry) for every valid entry.
    template <class Visit> void each_valid(Visit&& visit) {
        for (unsigned n = 0; n < level_count; ++n)
            levels_[n].each_valid([&](const TlbEntry& e) { visit(static_cast<Level>(n), e); });
    }

    // visit(level, const LevelTlbs&) for each level that has a TLB.
    template <class Visit> void each_level(Visit&& visit) const {
        for (unsigned n = 0; n < level_count; ++n)
            if (levels_[n].exists()) visit(static_cast<Level>(n), levels_[n]);
    }

    LevelTlbs& level(Level n) { return levels_[n]; }
    // Whether fill() for such an access puts the page there, if that level holds pages of its size.
    bool fills(Level n, AccessKind k) {
        if (&levels_[n] == &second(k)) return geometry_.inclusion != Inclusion::exclusive;
        return &levels_[n] == &first(k) && !(geometry_.loads_only && k == AccessKind::write);
    }

    // Whether look_up() would be served.
    bool serves(uint32_t page, Access access, const Control& control) {
        Lookup result;
        if (!(geometry_.loads_only && access.is_write()) && allowed(first(access.kind).find(page), access, control, result)) return true;
        LevelTlbs& s = second(access.kind);
        return s.exists() && allowed(s.find(page), access, control, result);
    }

private:
    static constexpr bool one_side(const MmuGeometry& g) { return g.unified || g.second_unified; }

    LevelTlbs& first(AccessKind k) { return k == AccessKind::execute && !geometry_.unified ? levels_[first_instruction] : levels_[first_data]; }
    LevelTlbs& second(AccessKind k) {
        return k == AccessKind::execute && !geometry_.unified && !geometry_.second_unified ? levels_[second_instruction] : levels_[second_data];
    }
    LookupCounts& count(AccessKind k) { return counts_[k != AccessKind::execute]; }

    static TlbEntry* allowed(LevelTlbs::Found found, Access access, const Control& control, Lookup& result) {
        TlbEntry* const entries[] = {found.small, found.large};
        for (TlbEntry* e : entries) {
            if (!e) continue;
            if (allows(e->permissions, access, control)) return e;
            result.forbidden = true;
        }
        return nullptr;
    }
    Pfn frame_in(const TlbEntry& e, uint32_t page) const {
        return e.large ? e.frame + Pages{page & ((1u << (shared_.large_shift() - page_shift)) - 1)} : e.frame;
    }
    Lookup served(uint32_t page, AccessKind kind, const TlbEntry& e, Served by, Lookup result) {
        shared_.serve(page, kind, number_, e.large);
        return answer(page, kind, e, by, result);
    }
    Lookup answer(uint32_t page, AccessKind kind, const TlbEntry& e, Served by, Lookup result) const {
        return result.served = by, result.frame = frame_in(e, page), result.user = open_to_programs(e.permissions, kind), result;
    }

    void fill_first(LevelTlbs& f, LevelTlbs& s, const TlbEntry& entry, uint64_t now) {
        TlbEntry victim, dropped;
        if (f.insert(entry, now, victim) && geometry_.inclusion == Inclusion::exclusive && s.exists() && s.holds(victim.large)) s.insert(victim, now, dropped);
    }
    // Inclusion: what the second level loses, the first levels above it lose.
    void leave_first(LevelTlbs& f, const TlbEntry& victim) {
        const auto leave = [&](LevelTlbs& level) {
            if (TlbEntry* const e = level.find_exactly(victim.page, victim.large)) level.remove(*e);
        };
        if (!geometry_.second_unified) return leave(f);
        leave(levels_[first_instruction]), leave(levels_[first_data]);
    }

    template <class Do> void each_level(Do&& act, Dropped& d) {
        unsigned* const dropped[level_count] = {&d.instruction, &d.data, &d.second, &d.second};
        for (unsigned n = 0; n < level_count; ++n) act(levels_[n], *dropped[n]);
    }
    Dropped drop_page(uint32_t page, RefillCause cause) {
        Dropped d;
        each_level([&](LevelTlbs& level, unsigned& dropped) {
            const LevelTlbs::Found found = level.find(page);
            dropped += level.drop(found.small, cause), dropped += level.drop(found.large, cause);
        }, d);
        return d;
    }
    template <class MustGo> Dropped flush_where(RefillCause cause, MustGo&& must_go) {
        Dropped d;
        each_level([&](LevelTlbs& level, unsigned& dropped) { dropped += level.drop_where(cause, must_go); }, d);
        d.pde = pde_cache_.drop_all();
        return d;
    }

    const MmuGeometry& geometry_;
    unsigned number_;
    MmuShared& shared_;
    LevelTlbs levels_[level_count];
    LookupCounts counts_[2];  // fetches, data
    uint64_t second_hits_ = 0;
    PdeCache pde_cache_;
};

}  // namespace mm
