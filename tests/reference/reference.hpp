// SPDX-License-Identifier: LGPL-2.1-or-later
// The MMU of one CPU profile, written a second time: slow, obvious, and from the rules of doc/tlb-rules.md only. Nothing
// here is shared with the engine of include/mm that it proves but the formats of page tables and geometries.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <tuple>

#include "cached.hpp"
#include "mm/refill_cause.hpp"
#include "mm/walk.hpp"

namespace reference {

using Cause = mm::RefillCause;

enum class ServedBy : uint8_t { first_level, second_level, walk };

// What an access came to. What follows `cause` is of a walk.
struct Outcome {
    ServedBy by = ServedBy::first_level;
    Cause cause = Cause::first_touch;
    bool fault = false;
    bool pde_cached = false;  // the directory entry came from the cache
    unsigned reads = 0;       // entries used: 0 (no directory), 1 or 2
    uint64_t pde = 0, pte = 0;
    mm::Translation translation{};
};

// Page tables as the walker sees them.
struct PageTables {
    std::function<std::optional<uint64_t>(mm::VirtAddr)> directory_entry;  // nothing: PAE without a present PDPTE
    std::function<uint64_t(mm::VirtAddr, uint64_t pde)> table_entry;       // of the table that this directory entry names
};

struct Dropped { unsigned instruction = 0, data = 0, second = 0, pde = 0; };
struct Counts { uint64_t lookups = 0, misses = 0, walks = 0; };

class Reference final {
public:
    explicit Reference(const mm::MmuGeometry& g);

    // A lookup, in two steps: the first is counted, and says whether a TLB served it; if none did, the second walks and fills.
    Outcome access(mm::VirtAddr a, mm::Access access, const mm::Control& c, const PageTables& tables);
    ServedBy look_up(mm::VirtAddr a, mm::Access access, const mm::Control& c);
    Outcome walk_and_fill(mm::VirtAddr a, mm::Access access, const mm::Control& c, const PageTables& tables);
    // As many lookups like the one before, which the first level served: they change nothing but the count.
    void count_repeats(mm::Access access, uint64_t n) { counts_[access.is_execute()].lookups += n; }
    // What would serve the access; changes nothing.
    [[nodiscard]] ServedBy predict(mm::VirtAddr a, mm::Access access, const mm::Control& c) const;

    Dropped flush_non_global(Cause cause, const mm::Control& c);  // MOV CR3, task switch
    Dropped flush_all(Cause cause);                               // CR0.PG, CR4.PGE/PAE/PSE/SMEP, SMM, reset
    Dropped flush_page(Cause cause, mm::VirtAddr a);              // INVLPG
    Dropped flush_address(Cause cause, mm::VirtAddr a, const mm::Control& c);  // INVPCID of one address
    Dropped flush_fault(Cause cause, mm::VirtAddr a, const mm::Control& c);
    Dropped flush_directory_entries();                            // PDPTE registers were loaded

    [[nodiscard]] const Counts& instruction_counts() const { return counts_[1]; }
    [[nodiscard]] const Counts& data_counts() const { return counts_[0]; }
    [[nodiscard]] uint64_t second_hits() const { return second_hits_; }

    [[nodiscard]] const NaiveLevel& instruction() const { return instruction_; }
    [[nodiscard]] const NaiveLevel& data() const { return data_; }
    [[nodiscard]] const NaiveLevel& second_instruction() const { return second_instruction_; }
    [[nodiscard]] const NaiveLevel& second_data() const { return second_data_; }
    [[nodiscard]] const NaiveTlb<CachedDirectoryEntry>& pde_cache() const { return pde_cache_; }

private:
    enum class Side : uint8_t { instruction, data };
    unsigned flush_directory_entry(mm::VirtAddr a, const mm::Control& c);
    // A translation that causes are kept of: side, form, page of the form's size, first frame.
    using Name = std::tuple<Side, unsigned, uint32_t, uint32_t>;

    [[nodiscard]] Side side_of(mm::Access a) const;
    [[nodiscard]] Name name_of(Side s, const Cached& e) const;
    NaiveLevel& first(Side s) { return s == Side::instruction ? instruction_ : data_; }
    NaiveLevel& second(Side s) { return s == Side::instruction && !geometry_.second_unified ? second_instruction_ : second_data_; }
    [[nodiscard]] bool skips_first(mm::Access a) const { return geometry_.loads_only && a.is_write(); }

    Outcome walk(mm::VirtAddr a, const mm::Control& c, const PageTables& tables);
    template <class Format>
    Outcome walk_as(mm::VirtAddr a, const mm::Control& c, const PageTables& tables);
    [[nodiscard]] Cached entry_for(Side s, mm::VirtAddr a, const mm::Translation& t);
    void fill(Side s, const Cached& e, bool second_only);
    void put_first(Side s, const Cached& e);
    void put_second(Side s, const Cached& e);

    template <class Condition>
    Dropped drop(Cause cause, Condition&& condition);
    template <class Condition>
    unsigned drop_from(NaiveLevel& level, Side s, Cause cause, Condition&& condition);

    mm::MmuGeometry geometry_;
    NaiveLevel instruction_, data_, second_instruction_, second_data_;
    NaiveTlb<CachedDirectoryEntry> pde_cache_;
    std::map<Name, Cause> causes_;  // of every translation that was ever cached: `evicted`, or the flush that dropped it
    Counts counts_[2];
    uint64_t second_hits_ = 0;
};

}  // namespace reference
