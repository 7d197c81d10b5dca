// SPDX-License-Identifier: LGPL-2.1-or-later
// What one processor may still hold: every translation used since something invalidated it (Intel SDM vol. 3, 4.10.2 to 4.10.4),
// whatever the size of its TLBs.
//
//   implied: what the page tables say now, if the page was used since: its time stamps tell, so an access costs nothing here
//   listed:  stale translations, each put there by the change that made it stale
//
//   change of an entry --> used since it was last invalidated? --> listed; accesses to the page are asked about from now on
//   access to such a page --> does a listed translation serve it, and do harm? --> a report
//   MOV CR3, INVLPG, ... --> leaves the list
#pragma once

#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "frame_writers.h"
#include "machine.h"
#include "mm/mmu_shared.hpp"
#include "stale_translation.h"

namespace plugin {

// `speculative`: a translation counts as used as soon as an entry says it, since a processor may walk to any (SDM vol. 3, 4.10.2.3).
enum class StaleMode : uint8_t { off, used, speculative };
inline constexpr const char* stale_mode_names[] = {"off", "used", "speculative"};
constexpr const char* name(StaleMode m) { return stale_mode_names[static_cast<unsigned>(m)]; }

class MayHold {
public:
    using Change = EntryChange;
    using Cached = mm::trace::Stale::Cached;
    static constexpr size_t most_listed = 1u << 16;  // some 10 MiB

    // Everything outlives this. `state` is what holds while the calls below are made, unless they say otherwise.
    MayHold(StaleMode mode, const Machine& machine, const mm::trace::State& state, mm::MmuShared& shared, const mm::LookupClock& clock, TableWatch& tables);

    // Whether a stale translation may serve some access to the page.
    bool suspects(uint32_t page) const {
        return bit(suspect_pages_.get(), page) || bit(suspect_regions_, page >> (mm::region_shift - mm::page_shift)) || (pdptes_changed_ >> (page >> 18) & 1);
    }
    // Whether accesses of this kind to the page must not be taken for harmless unasked. `frame`: where a write goes, as far as known.
    bool must_ask(uint32_t page, mm::AccessKind kind, mm::Pfn frame) const {
        return suspects(page) || (kind == mm::AccessKind::write && (frame == Machine::unknown_frame || tables_.watched(frame)));
    }
    void wrote(uint32_t page, mm::Pfn frame) { writers_.note(page, frame); }

    // A stale translation that serves the access, with what is wrong about it.
    struct Use {
        mm::StaleKind kind{};
        const StaleTranslation* stale = nullptr;
        HeldTranslation held{};  // at the page
        mm::PageWalk now{};      // what the page tables say
    };
    // What the page tables say to an access that is about to be made to a suspected page.
    mm::PageWalk approach(mm::VirtAddr a, mm::Access access, const Cached& by);
    // `now`: that. `cpl3`: whether a program's instruction makes it, perhaps by the processor's own reading of its tables.
    std::optional<Use> stale_use(mm::VirtAddr a, mm::Access access, bool cpl3, const mm::PageWalk& now) const;
    // Whether only a stale translation can serve the access, and what the page tables say was not used before: then the lookup's time
    // stamp is no use of it, and disregard_use() follows the lookup.
    bool forbidden(uint32_t page, const mm::PageWalk& now) const { return now.fault && !used(page, now.translation.permissions.global); }
    void disregard_use(uint32_t page) { page_since_[page] = clock_.now; }
    // visit(walk, whether its directory entry is memory's): the walks that stale_use() makes.
    void visit_walks(mm::VirtAddr a, mm::Access access, const std::function<void(const mm::PageWalk&, bool)>& visit) const;

    // A model's walk: its tables are in use from now on.
    void walked(mm::VirtAddr a, const mm::PageWalk& w, const Cached& by);

    // D was set in this entry of a page table, by another walk than this CPU's of `own_page`.
    void dirtied(mm::PhysAddr entry, uint32_t own_page);

    // An entry at `change.entry_at` was written, of a table that stands there in walks. What memory says is the new value already.
    // Whether this CPU's walks, or what it may hold, still come through the table.
    [[nodiscard]] bool entry_changed(const Change& change, TablePlace place);
    // Something was written at this place.
    void table_written(mm::Pfn frame);
    // A frame became a table, on whatever CPU: writes to it are asked about.
    void table_found(mm::Pfn frame);

    // Invalidations.
    void flush_all();     // with the PDPTE registers
    void flush_cached();  // INVPCID of everything: but for these
    void flush_page(mm::VirtAddr a);
    void flush_address(mm::VirtAddr a);  // INVPCID of one address: no global translation of it
    void flush_non_global();             // INVPCID of a context: as MOV CR3, but it brings no other tables
    void flush_faulting(mm::VirtAddr a);
    // MOV CR3 or a task switch, once `state` has the new registers; `before` is what they were.
    void change_root(const mm::trace::State& before, const Change& by);
    // The PDPTE registers were loaded without that.
    void load_pdptes();
    // Paging is on, perhaps anew.
    void begin_paging() {
        if (mode_ != StaleMode::off) watch_root();
    }

    uint64_t ever_listed() const { return ever_listed_; }  // stale translations so far, whether used or flushed in time
    uint64_t unfollowed() const { return unfollowed_; }  // stale translations for which there was no room
    // A linear page through which the frame was last written, or nothing.
    std::optional<uint32_t> writer_of(mm::Pfn frame) const;

private:
    using PageLists = std::unordered_map<uint32_t, std::vector<StaleTranslation>>;
    struct Slot {  // of the address space: what one directory entry maps
        uint64_t pde_since = 0, tlb_since = 0;  // last lookups before which its directory entry, or its large page, was invalidated
        uint64_t leaf_since = 0;                // or before which a page fault dropped the large page, but not its fragments
        uint64_t global_since = 0;
        bool global = false;                    // since global_since, where the first global translation in it was walked since everything was flushed
        bool fragments = false;                 // of a large page, may be listed
    };

    static bool bit(const uint64_t* words, uint32_t n) { return words[n / 64] >> n % 64 & 1; }
    static void set_bit(uint64_t* words, uint32_t n, bool value) {
        words[n / 64] = (words[n / 64] & ~(uint64_t{1} << n % 64)) | uint64_t{value} << n % 64;
    }

    bool pae() const { return state_.control.mode() == mm::PagingMode::pae; }
    unsigned slot_bits() const { return shared_.large_shift() - mm::page_shift; }  // log2 of the pages in a slot
    uint32_t slot_of(uint32_t page) const { return page >> slot_bits(); }
    unsigned entry_bytes() const { return pae() ? 8 : 4; }
    bool leaf(uint64_t pde) const { return (pde & mm::entry_bit::page_size) && state_.control.large_pages(); }
    std::optional<mm::PhysAddr> directory_entry(uint32_t slot, const mm::trace::State& s) const;
    uint64_t load(mm::PhysAddr at) const { return machine_.load(at, entry_bytes()); }

    // A walk as it would be, or was, with another value at one place.
    struct Instead {
        mm::PhysAddr at{};
        uint64_t value = 0;
    };
    mm::PageWalk walk(uint32_t page, mm::Access access, const mm::trace::State& s, const Instead* instead = nullptr, const uint64_t* pde = nullptr) const;

    uint64_t last_use(uint32_t page) const { return shared_.last_use(page, false, mm::all_kinds); }
    uint64_t invalidated(uint32_t page, bool global) const;
    bool used(uint32_t page, bool global) const;
    bool directory_used(uint32_t slot) const;

    mm::trace::State reloaded(unsigned gib) const;
    void page_changed(uint32_t page, const Change& change);
    void dirty_again(uint32_t page);
    void dirty_again_in(uint32_t slot);        // of a large page
    void pdpte_changed(unsigned gib, const Change& change);
    void directory_changed(uint32_t slot, const Change& change);
    void list(uint32_t page, const mm::PageWalk& was, mm::TableLevel level, const Change& change);
    void list_slot(uint32_t slot, StaleTranslation stale);
    struct Blame {  // a change by software, and the walk before it
        mm::TableLevel level;
        const Change& change;
        const mm::PageWalk& was;
    };
    void judge(uint32_t page, const Blame* blame = nullptr);
    void judge_slot(uint32_t slot, const Change* change = nullptr);
    void note_dirty(StaleTranslation& s, bool clean, mm::TableLevel level, const Change& change) const;
    void note_local(StaleTranslation& s, bool right_and_global) const;
    bool outlived(const StaleTranslation& s) const { return s.local_since && *s.local_since < local_flushes_; }
    bool cleared_dirty(mm::TableLevel level, const Change& change) const;
    template <class Gone> void drop_slots(Gone&& gone);
    void drop_page(uint32_t page);
    void drop_fragments(uint32_t slot, bool mapped_large, bool global_too);
    std::vector<uint32_t> drop_non_global();
    template <class Do> void each_stale(uint32_t page, Do&& act);
    void ask_about(uint32_t page);
    void ask_about_slot(uint32_t slot);
    void watch_table(uint32_t slot, uint64_t pde);
    void watch_root();
    void note_global(uint32_t slot, uint64_t since);
    void remember(uint32_t page, const mm::PageWalk& w, const Cached& by, uint64_t at);
    bool held_dirty(uint32_t page, bool global) const;
    Cached cached_by(uint32_t page) const;
    bool room();

    const StaleMode mode_;
    const Machine& machine_;
    const mm::trace::State& state_;
    mm::MmuShared& shared_;
    const mm::LookupClock& clock_;
    TableWatch& tables_;
    FrameWriters writers_;

    // Times are lookups, as LookupClock counts them: a use is later than an invalidation if its stamp is greater.
    uint64_t all_since_ = 0, root_since_ = 0, pde_since_ = 0;
    uint32_t local_flushes_ = 0;   // MOV CR3 and the like so far
    Sparse<uint64_t> page_since_;  // by linear page: INVLPG, page fault, or the last change of its translation
    struct Walked {
        Cached by;
        uint64_t at;
        bool dirty;  // a walk since then found D set
    };
    Sparse<Walked> walked_;        // by linear page: the first walk since it was invalidated
    std::unordered_map<uint32_t, uint64_t> dirtied_;  // by linear page: when D was set in its entry through another page
    std::vector<Slot> slots_;
    std::vector<uint32_t> global_slots_;

    PageLists local_, global_;
    std::unordered_map<uint32_t, std::vector<StaleTranslation>> stale_slots_;  // leaves and directory entries
    Sparse<uint64_t> suspect_pages_;                                           // bits
    uint64_t suspect_regions_[mm::linear_regions / 64] = {};
    unsigned pdptes_changed_ = 0;                                              // bits: memory has another value than the register
    StaleTranslation pdpte_change_[4];
    Cached root_loaded_{};                                                     // by MOV CR3: ip and time
    size_t listed_ = 0;
    uint64_t ever_listed_ = 0, unfollowed_ = 0;
};

}  // namespace plugin
