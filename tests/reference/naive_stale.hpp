// SPDX-License-Identifier: LGPL-2.1-or-later
// What one processor may still hold of the page tables, and what could go wrong with it: the missing-flush detector written a second
// time, slow and plain, from the rules (SDM vol. 3, 4.10) only. Lists, searched from end to end; nothing is derived in advance.
//
//   a lookup: every held thing that could serve it, against what the tables say now --> findings
//             then, unless it faults, what the tables say now is held too
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "mm/stale.hpp"
#include "mm/trace_events.hpp"

namespace reference {

// Where the tables, as somebody has them, lead an address.
struct View {
    bool known = true;              // every entry on the way is
    mm::Translation translation{};
    unsigned reads = 0;
    mm::PhysAddr pde_at{}, pte_at{};
    uint64_t pde = 0, pte = 0;
    bool names_table = false;

    [[nodiscard]] bool large() const { return translation.shift != mm::page_shift; }
    [[nodiscard]] uint64_t leaf() const { return large() ? pde : pte; }
    [[nodiscard]] mm::PhysAddr leaf_at() const { return large() ? pde_at : pte_at; }
    [[nodiscard]] bool serves(mm::Access a, const mm::Control& c) const { return translation.mapped() && mm::allows(translation.permissions, a, c); }
    [[nodiscard]] unsigned memory_type() const;  // PAT, PCD, PWT: an index into IA32_PAT (SDM vol. 3, 4.9.2)
};

// Where the linear addresses of a directory entry begin, and which of them has this one.
inline unsigned slot_shift(const mm::Control& c) {
    return c.mode() == mm::PagingMode::pae ? mm::directory_shift<mm::Pae> : mm::directory_shift<mm::Classic>;
}
inline uint32_t slot_of(mm::VirtAddr a, const mm::Control& c) { return a.raw >> slot_shift(c); }

// A lookup that a held translation could serve otherwise than the tables say.
struct Finding {
    mm::StaleKind kind{};
    mm::TableLevel level{};
    mm::PhysAddr entry_at{};
    uint64_t old_entry = 0;          // of that level, when it was cached
    bool blame_open = false;         // any entry: both of a translation were written since, or the tables now are others than its own
    bool table_unseen = false;       // another table was in place for a while: writes to its own are not all recorded
    mm::Pfn old_frame{}, new_frame{};
    bool mapped = false;             // by the tables now
    bool large = false, global = false;
    bool other_space = false;        // none of its entries was written: the tables are others
    bool through_directory = false;  // a stale directory entry leads to another table
    bool certain = true;             // false: the rules leave it open, or it depends on what a recording does not tell
};
bool operator==(const Finding& a, const Finding& b);

class NaiveStale final {
public:
    // What a page-table entry holds now; nothing: it is not known.
    using Memory = std::function<std::optional<uint64_t>(mm::PhysAddr)>;
    explicit NaiveStale(Memory memory) : memory_{std::move(memory)} {}

    struct Outcome {
        bool judged = true;  // false: an entry that matters is not known
        bool faults = false;
        bool open_to_user = false;  // the tables let programs at the page
        std::vector<Finding> findings;
    };
    Outcome look_up(mm::VirtAddr a, mm::Access access, const mm::trace::State& s);
    // What it would find, and nothing else.
    [[nodiscard]] Outcome judge(mm::VirtAddr a, mm::Access access, const mm::trace::State& s) const;

    // Software, or a device, wrote an entry. `was`: what memory had; nothing: not known.
    void write(mm::PhysAddr at, uint64_t value, std::optional<uint64_t> was = {}) { written_[at.raw].push_back({++now_, value, was}); }

    // MOV CR3, task switch, INVPCID of a context. `other_tables`: CR3 has another value now.
    void flush_non_global(bool other_tables = false);
    void flush_all();                                               // CR0.PG, CR4.PGE/PAE/PSE/SMEP, INVPCID of all, SMM, reset
    void flush_page(mm::VirtAddr a, const mm::trace::State& s);     // INVLPG
    void flush_address(mm::VirtAddr a, const mm::trace::State& s);  // INVPCID of one address
    void flush_fault(mm::VirtAddr a, const mm::trace::State& s);

    // Every entry that something held was made of, and every table that a held directory entry names.
    void each_entry(const std::function<void(mm::PhysAddr)>& visit) const;
    void each_table(const std::function<void(mm::Pfn)>& visit) const;
    [[nodiscard]] bool names(mm::Pfn table) const;

private:
    using Time = uint64_t;
    // A translation: of a 4 KiB page, of a 4 KiB piece of a large page, or of a whole large page.
    struct Held {
        mm::Vpn page;                // that was looked up
        View view;                   // when it was cached
        Time since;                  // of the first lookup that it may come from
        std::optional<Time> dirty;   // since when a write through it need not set D in memory
        std::optional<Time> written; // the first write that it may have served, also if it was stale by then

        [[nodiscard]] mm::Pfn frame_of(mm::Vpn p) const { return {mm::Pfn{view.translation.frame.raw + (p.raw - page.raw)}}; }
        [[nodiscard]] bool same_translation(const Held& other) const;
    };
    struct HeldDirectory {
        mm::PhysAddr at;
        uint64_t value;
        bool certain;
        [[nodiscard]] mm::Pfn table() const { return mm::frame_of(mm::PhysAddr{value & 0x000000FFFFFFF000}); }
    };
    struct Written { Time time; uint64_t value; std::optional<uint64_t> was; };

    // Walks: from the registers; from the PDPTEs as memory has them; from a held directory entry.
    [[nodiscard]] View now(mm::VirtAddr a, const mm::trace::State& s) const { return view(a, s, memory_); }
    [[nodiscard]] View reloaded(mm::VirtAddr a, const mm::trace::State& s, mm::PhysAddr& pdpte_at, bool& differs) const;
    [[nodiscard]] View through(const HeldDirectory& d, mm::VirtAddr a, const mm::trace::State& s) const;
    [[nodiscard]] static View view(mm::VirtAddr a, const mm::trace::State& s, const Memory& load);

    void check_held(const Held& h, mm::VirtAddr a, mm::Access access, const View& tables, const mm::Control& c, Outcome& o) const;
    void check_directory(const HeldDirectory& d, mm::VirtAddr a, mm::Access access, const View& tables, const mm::trace::State& s, Outcome& o) const;
    void check_pdpte(mm::VirtAddr a, mm::Access access, const View& tables, const mm::trace::State& s, Outcome& o) const;
    void note_write(mm::VirtAddr a, mm::Access access, const View& tables, const mm::Control& c);
    void hold(mm::VirtAddr a, mm::Access access, const View& v, const mm::Control& c);
    void hold_directory(mm::VirtAddr a, const View& v, const mm::Control& c, bool certain);
    void hold_in(std::vector<Held>& list, const Held& h);

    // Since when software has had an entry lead elsewhere, or allow less, than when it was cached; nothing: it does not.
    [[nodiscard]] std::optional<Time> changed_since(mm::PhysAddr at, uint64_t value, bool leaf, Time cached) const;
    [[nodiscard]] bool written_since(mm::PhysAddr at, Time cached) const;
    // Whether a large page has given way to a table for a while: an entry of that may have ended what the two had in common.
    [[nodiscard]] bool named_table_since(mm::PhysAddr pde_at, Time cached) const;
    // Whether a flush of all that is not global came after its entry had ceased to say that it is.
    [[nodiscard]] bool outlived(const Held& h) const;
    [[nodiscard]] bool dirty_cleared(const Held& h) const;  // in the entry that it was cached from
    // Whether it would be if writes counted that it did not surely serve: through another page of the same entry, or when it was stale.
    [[nodiscard]] bool dirty_cleared_perhaps(const Held& h) const;
    [[nodiscard]] bool cleared_after(mm::PhysAddr leaf_at, Time dirty) const;

    Memory memory_;
    Time now_ = 0;
    Time cr3_loaded_ = 0;  // or INVPCID made it look so
    Time tables_changed_ = 0;
    std::map<uint32_t, std::vector<Held>> pages_;              // by linear page
    std::map<uint32_t, std::vector<Held>> large_pages_;        // by directory slot: linear address >> 22 or 21
    std::map<uint32_t, std::vector<HeldDirectory>> directories_;
    std::map<uint64_t, std::vector<Written>> written_;         // by entry: everything that was written to it
    std::map<uint64_t, Time> dirtied_;                         // by entry: the last write to the page that it maps
};

}  // namespace reference
