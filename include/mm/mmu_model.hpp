// SPDX-License-Identifier: LGPL-2.1-or-later
// The TLBs of one CPU by one profile, and the rules by which they are filled and invalidated (SDM vol. 3, 4.10.2-4.10.4).
//
//   access --look_up--> hit: counted, made most recent
//                  \--> miss: caller walks memory, then fill() (mapped and allowed) or fault_walk() (not)
//   MOV CR3, INVLPG, CR0/CR4 changes, page faults, task switches, SMM --> flush_*(), each returns what it dropped
//
// An entry that forbids the access is no hit: the processor walks again before it faults. Counts are conserved:
// lookups = hits + walks, and the causes of walks sum to walks.
#pragma once

#include "mm/mmu_geometries.hpp"
#include "mm/tlb.hpp"

namespace mm {

constexpr unsigned storage_entries(const MmuGeometry& g) {
    return g.instruction.small.entries + g.instruction.large.entries + g.data.small.entries + g.data.large.entries;
}

struct LookupCounts {
    uint64_t lookups = 0;
    uint64_t misses = 0;  // lookups that the first level did not serve
    uint64_t walks = 0;   // nor the second
    constexpr uint64_t hits() const { return lookups - misses; }
};

// Valid entries that a flush dropped.
struct Dropped {
    unsigned instruction = 0, data = 0;  // first level; `data` also when unified
    unsigned second = 0;                 // second level, both sides
    unsigned pde = 0;                    // cached directory entries
    constexpr unsigned total() const { return instruction + data + second + pde; }
};

// DroppedPages keeps the dropped pages whose slot another page has taken:
//   void put(uint64_t key, RefillCause);      the key's cause, unless it has one already
//   RefillCause take(uint64_t key);           removes it and returns it; `first_touch` if it has none
template <class DroppedPages>
class MmuModel {
public:
    // `storage` holds storage_entries(geometry) value-initialised entries and outlives the model.
    // `large_shift` is 22 in 32-bit paging, 21 with PAE.
    constexpr MmuModel(const MmuGeometry& g, TlbEntry* storage, unsigned large_shift, DroppedPages& pages)
        : pages_{pages}, global_pages_{g.global_pages},
          instruction_{{Tlb{g.instruction.small, page_shift, storage},
                        Tlb{g.instruction.large, large_shift, storage + g.instruction.small.entries}}, {}},
          data_{{Tlb{g.data.small, page_shift, storage + g.instruction.small.entries + g.instruction.large.entries},
                 Tlb{g.data.large, large_shift, storage + g.instruction.small.entries + g.instruction.large.entries + g.data.small.entries}}, {}} {}

    constexpr const LookupCounts& counts(AccessKind k) const { return side(k).counts; }

    // Counts one lookup. The entry that serves it, made most recent, or nullptr: the caller then walks.
    constexpr TlbEntry* look_up(VirtAddr a, Access access, const Control& control) {
        Side& s = side(access.kind);
        const uint64_t now = ++s.counts.lookups;
        for (Tlb& tlb : s.tlbs) {
            TlbEntry* const entry = tlb.find(a);
            if (entry && allows(entry->permissions, access, control)) return entry->used = now, entry;
        }
        ++s.counts.misses, ++s.counts.walks;
        return nullptr;
    }

    // For a caller that knows `entry` to be still valid and counts the lookups that hit it itself, without searching:
    // each is entry.used = ++clock(kind).
    constexpr uint64_t& clock(AccessKind kind) { return side(kind).counts.lookups; }

    // The valid entry of the page that holds `a`, whatever it permits, or nullptr; counts and moves nothing.
    constexpr TlbEntry* find(VirtAddr a, AccessKind kind) const {
        for (const Tlb& tlb : side(kind).tlbs)
            if (TlbEntry* const entry = tlb.find(a)) return entry;
        return nullptr;
    }

    // Caches the result of the walk after a miss and returns the cause of that miss. `filled` is the entry.
    constexpr RefillCause fill(VirtAddr a, const Translation& t, AccessKind kind, TlbEntry** filled = nullptr) {
        Side& s = side(kind);
        const bool large = t.shift != page_shift && s.tlbs[1].exists();
        Tlb& tlb = s.tlbs[large ? 1 : 0];
        if (!large) s.tlbs[1].drop_page(a, RefillCause::first_touch);   // the page size has changed
        else s.tlbs[0].drop_page(a, RefillCause::first_touch);
        const Pages inside{large ? (a.raw & ((1u << tlb.shift()) - 1)) >> page_shift : 0};
        const Pfn first = t.frame - inside;
        const RefillCause cause = take_cause(tlb, a, first, kind);
        TlbEntry& entry = tlb.fill(a, first, t.permissions, s.counts.lookups,
                                   [&](const TlbEntry& old) { pages_.put(key(old.page, old.frame, kind, large), old.cause); });
        if (filled) *filled = &entry;
        return cause;
    }

    // MOV CR3: keeps global pages where the CPU has them and CR4.PGE is set.
    constexpr Dropped flush_non_global(RefillCause cause, const Control& control) {
        return flush(cause, global_pages_ && control.global_pages());
    }
    // CR0.PG, CR4.PGE, PAE or PSE changed; SMM entry and RSM.
    constexpr Dropped flush_all(RefillCause cause) { return flush(cause, false); }

    // INVLPG and page faults: the page that holds the address, global or not, whatever its size.
    constexpr Dropped flush_page(VirtAddr a, RefillCause cause) {
        Dropped d;
        for (Tlb& tlb : instruction_.tlbs) d.instruction += tlb.drop_page(a, cause);
        for (Tlb& tlb : data_.tlbs) d.data += tlb.drop_page(a, cause);
        return d;
    }

    // After flush_all(): CR4.PAE changed, and with it the size of a large page (shift 22 or 21).
    constexpr void set_large_page(unsigned shift) {
        instruction_.tlbs[1].clear(shift);
        data_.tlbs[1].clear(shift);
    }

    constexpr bool check() const {
        return instruction_.check() && data_.check();
    }

private:
    struct Side {
        Tlb tlbs[2];  // 4 KiB pages, large pages
        LookupCounts counts;
        constexpr bool check() const { return tlbs[0].check() && tlbs[1].check() && counts.walks <= counts.lookups; }
    };

    constexpr Side& side(AccessKind k) { return k == AccessKind::execute ? instruction_ : data_; }
    constexpr const Side& side(AccessKind k) const { return k == AccessKind::execute ? instruction_ : data_; }

    static constexpr uint64_t key(uint32_t page, Pfn frame, AccessKind k, bool large) {
        return uint64_t{page} << 34 | uint64_t{frame.raw} << 2 | uint64_t{k == AccessKind::execute} << 1 | uint64_t{large};
    }

    constexpr RefillCause take_cause(const Tlb& tlb, VirtAddr a, Pfn first, AccessKind k) {
        const uint64_t id = key(tlb.page_of(a), first, k, tlb.shift() != page_shift);
        if (TlbEntry* const old = tlb.find_dropped(a, first)) return old->state = TlbState::empty, old->cause;
        return pages_.take(id);
    }

    constexpr Dropped flush(RefillCause cause, bool keep_global) {
        Dropped d;
        for (Tlb& tlb : instruction_.tlbs) d.instruction += tlb.drop_all(cause, keep_global);
        for (Tlb& tlb : data_.tlbs) d.data += tlb.drop_all(cause, keep_global);
        return d;
    }

    DroppedPages& pages_;
    bool global_pages_;
    Side instruction_, data_;
};

namespace mmu_proof {
// Room for one dropped page is enough here.
struct OneDroppedPage {
    uint64_t key = 0;
    RefillCause cause = RefillCause::first_touch;
    constexpr void put(uint64_t k, RefillCause c) { key = k, cause = c; }
    constexpr RefillCause take(uint64_t k) {
        const RefillCause c = k == key ? cause : RefillCause::first_touch;
        return cause = RefillCause::first_touch, c;
    }
};
constexpr MmuGeometry tiny_geometry() {
    MmuGeometry g;
    g.profile = "tiny", g.global_pages = true;
    g.instruction.small = g.data.small = g.data.large = TlbGeometry{1, 1};
    return g;
}
inline constexpr MmuGeometry tiny = tiny_geometry();
inline constexpr Control paging{cr0_pg | cr0_pe | cr0_wp, 0, cr4_pse | cr4_pge};
inline constexpr Access read{AccessKind::read, false};

// Drops page A, lets page B take its slot, then refills A: still charged to the flush, and only once.
constexpr bool refill_is_charged_once() {
    TlbEntry storage[storage_entries(tiny)]{};
    OneDroppedPage pages;
    MmuModel<OneDroppedPage> mmu{tiny, storage, 22, pages};
    const VirtAddr a{0x1000}, b{0x2000};
    const Translation at_a{WalkStatus::mapped, Pfn{7}, page_shift, {true, true, true, false}};
    const Translation at_b{WalkStatus::mapped, Pfn{8}, page_shift, {true, true, true, false}};
    if (mmu.look_up(a, read, paging) || mmu.fill(a, at_a, read.kind) != RefillCause::first_touch) return false;
    if (!mmu.look_up(a, read, paging)) return false;
    if (mmu.flush_non_global(RefillCause::context_switch, paging).data != 1) return false;
    if (mmu.look_up(b, read, paging) || mmu.fill(b, at_b, read.kind) != RefillCause::first_touch) return false;
    if (mmu.look_up(a, read, paging) || mmu.fill(a, at_a, read.kind) != RefillCause::context_switch) return false;
    if (mmu.look_up(b, read, paging) || mmu.fill(b, at_b, read.kind) != RefillCause::first_touch) return false;
    return mmu.counts(AccessKind::read).lookups == 5 && mmu.counts(AccessKind::read).hits() == 1 && mmu.check();
}
static_assert(refill_is_charged_once());

constexpr bool global_pages_survive_cr3() {
    TlbEntry storage[storage_entries(tiny)]{};
    OneDroppedPage pages;
    MmuModel<OneDroppedPage> mmu{tiny, storage, 22, pages};
    mmu.fill(VirtAddr{0xC0400000}, {WalkStatus::mapped, Pfn{0x400}, 22, {true, false, true, true}}, AccessKind::read);
    const bool kept = mmu.flush_non_global(RefillCause::context_switch, paging).total() == 0;
    return kept && mmu.look_up(VirtAddr{0xC07FFFFF}, read, paging) && mmu.flush_page(VirtAddr{0xC0500000}, RefillCause::invlpg).data == 1 &&
           !mmu.look_up(VirtAddr{0xC0400000}, read, paging);
}
static_assert(global_pages_survive_cr3());
}  // namespace mmu_proof

}  // namespace mm
