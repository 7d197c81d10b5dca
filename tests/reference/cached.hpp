// SPDX-License-Identifier: LGPL-2.1-or-later
// What a TLB of the reference model holds: a translation of one of two forms, or a directory entry that names a table.
#pragma once

#include <optional>
#include <vector>

#include "mm/fault.hpp"
#include "naive_tlb.hpp"

namespace reference {

// small: one 4 KiB page, or a 4 KiB piece of a large page (a fragment). large: a whole large page.
struct Cached {
    uint32_t page = 0;                       // linear address >> shift
    uint32_t frame = 0;                      // first 4 KiB frame
    unsigned shift = mm::page_shift;         // of what the entry maps: 12, 21 or 22
    unsigned mapped_shift = mm::page_shift;  // of the page in the page tables
    mm::Permissions permissions;

    [[nodiscard]] uint32_t number() const { return page; }
    [[nodiscard]] bool large() const { return shift != mm::page_shift; }
    [[nodiscard]] bool fragment() const { return shift != mapped_shift; }
    [[nodiscard]] uint32_t first_address() const { return page << shift; }
    [[nodiscard]] uint32_t last_address() const { return first_address() + ((1u << shift) - 1); }
    [[nodiscard]] bool maps(mm::VirtAddr a) const { return a.raw >> shift == page; }
    [[nodiscard]] bool overlaps(const Cached& other) const {
        return first_address() <= other.last_address() && other.first_address() <= last_address();
    }
    // INVLPG of an address of a large page invalidates every fragment of that page (SDM vol. 3, 4.10.4.1).
    [[nodiscard]] bool invalidated_by(mm::VirtAddr a) const {
        return maps(a) || (fragment() && first_address() >> mapped_shift == a.raw >> mapped_shift);
    }
};

struct CachedDirectoryEntry {
    uint32_t tag = 0;  // linear bits 31:22 (classic) or 31:21 (PAE)
    uint64_t value = 0;
    [[nodiscard]] uint32_t number() const { return tag; }
};

// The TLBs of one level and side.
class NaiveLevel final {
public:
    explicit NaiveLevel(const mm::TlbLevel& g) : shared_{g.shared}, small_{g.small}, large_{g.large} {}

    [[nodiscard]] bool exists() const { return small_.exists(); }
    [[nodiscard]] bool holds_large() const { return shared_ || large_.exists(); }
    [[nodiscard]] bool holds(const Cached& c) const { return c.large() ? holds_large() : small_.exists(); }

    static auto serves(unsigned shift, mm::Access access, const mm::Control& c) {
        return [=](const Cached& e) { return e.shift == shift && mm::allows(e.permissions, access, c); };
    }

    // The entry that serves the access, the 4 KiB one before the large one. large_shift: of the paging mode.
    [[nodiscard]] std::optional<Cached> find(mm::VirtAddr a, mm::Access access, const mm::Control& c, unsigned large_shift) const {
        const auto found = small_.find(a.raw >> mm::page_shift, serves(mm::page_shift, access, c));
        return found ? found : of_large().find(a.raw >> large_shift, serves(large_shift, access, c));
    }
    // The same, and it is a use.
    std::optional<Cached> use(mm::VirtAddr a, mm::Access access, const mm::Control& c, unsigned large_shift) {
        const auto found = small_.use(a.raw >> mm::page_shift, serves(mm::page_shift, access, c));
        return found ? found : of_large().use(a.raw >> large_shift, serves(large_shift, access, c));
    }

    // The result is the victim.
    std::optional<Cached> put(const Cached& c) { return (c.large() ? of_large() : small_).put(c); }

    template <class Condition>
    std::vector<Cached> remove(Condition&& condition) {
        std::vector<Cached> removed = small_.remove(condition);
        for (const Cached& c : large_.remove(condition)) removed.push_back(c);
        return removed;
    }

    // visit(in the large pages' own TLB?, set, way, entry)
    template <class Visit>
    void each(Visit&& visit) const {
        small_.each([&](unsigned set, unsigned way, const Cached& c) { visit(false, set, way, c); });
        large_.each([&](unsigned set, unsigned way, const Cached& c) { visit(true, set, way, c); });
    }

private:
    NaiveTlb<Cached>& of_large() { return shared_ ? small_ : large_; }
    const NaiveTlb<Cached>& of_large() const { return shared_ ? small_ : large_; }

    bool shared_;
    NaiveTlb<Cached> small_, large_;
};

}  // namespace reference
