// SPDX-License-Identifier: LGPL-2.1-or-later
// The engine and a reference model of each of its profiles, given the same accesses and flushes: whatever differs fails the test.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <vector>

#include "emulated_grants.hpp"
#include "mm/mmu_models.hpp"
#include "paged_memory.hpp"

namespace reference {

// What came up in the streams, so that a test can prove that it tested something.
struct Coverage {
    std::set<Cause> causes;
    uint64_t hits = 0, second_hits = 0, walks = 0, cached_directory_entries = 0, unasked = 0;
};

// As RandomMachine drives it.
class EnginePair final {
public:
    EnginePair(const std::vector<mm::MmuGeometry>& geometries, Coverage& seen)
        : geometries_{geometries}, pages_(mm::linear_pages), regions_(mm::linear_regions), seen_{&seen} {
        std::vector<const mm::MmuGeometry*> pointers;
        for (const mm::MmuGeometry& g : geometries_) pointers.push_back(&g), references_.emplace_back(g);
        clock_ = std::make_unique<mm::LookupClock>();
        engine_ = std::make_unique<mm::MmuModels>(pointers.data(), static_cast<unsigned>(pointers.size()), pages_.data(), regions_.data(), *clock_, uint16_t{0});
    }
    EnginePair(EnginePair&&) = default;

    // After flush_all(), or at the start.
    void use(const PagedMemory& memory) {
        memory_ = &memory;
        control_ = memory.control;
        engine_->set_large_page(memory.large_shift());
    }

    void access(mm::VirtAddr a, mm::Access access, const mm::Control& c) {
        if ((control_.cr0 ^ c.cr0) & mm::cr0_wp) engine_->withdraw_all(), grants_.clear();
        control_ = c;
        walked_.clear();
        const uint32_t page = mm::page_of(a).raw;
        const bool asks = !grants_.has(a, access);  // the emulator translates anew
        if (asks) engine_->translate(page, access.kind), grants_.translate(a, access, walk(a, access, nullptr), c);
        const bool unasked = !asks && engine_->quick(page, access.kind);
        if (!unasked) engine_->look_up(a, access, c, *this);
        seen_->unasked += unasked;
        for (unsigned n = 0; n < references_.size(); ++n) compare_access(n, a, access, !unasked);
    }

    void flush_non_global(Cause cause, const mm::Control& c) {
        grants_.clear();
        control_ = c;
        compare_flush([&](mm::MmuModel& m) { return m.flush_non_global(cause, c); }, [&](Reference& r) { return r.flush_non_global(cause, c); });
    }
    void flush_all(Cause cause) {
        grants_.clear();
        compare_flush([&](mm::MmuModel& m) { return m.flush_all(cause); }, [&](Reference& r) { return r.flush_all(cause); });
    }
    void flush_page(Cause cause, mm::VirtAddr a) {
        grants_.clear();
        compare_flush([&](mm::MmuModel& m) { return m.flush_page(mm::page_of(a).raw, cause); }, [&](Reference& r) { return r.flush_page(cause, a); });
    }
    void flush_address(Cause cause, mm::VirtAddr a, const mm::Control& c) {
        SCOPED_TRACE("INVPCID");
        compare_flush([&](mm::MmuModel& m) { return m.flush_address(mm::page_of(a).raw, cause, c); }, [&](Reference& r) { return r.flush_address(cause, a, c); });
    }
    void flush_fault(Cause cause, mm::VirtAddr a, const mm::Control& c) {
        grants_.forget(a);
        compare_flush([&](mm::MmuModel& m) { return m.flush_faulting(mm::page_of(a).raw, cause); }, [&](Reference& r) { return r.flush_fault(cause, a, c); });
    }

    // Contents of all TLBs, and counts.
    void compare_state() {
        for (unsigned n = 0; n < references_.size(); ++n) {
            EXPECT_EQ(contents((*engine_)[n]), contents(references_[n])) << n << ' ' << geometries_[n].profile;
        }
    }

    // What the engine asks of its client.
    mm::PageWalk walk(mm::VirtAddr a, mm::Access access, const uint64_t* cached) const {
        const mm::Pae::Root root = memory_->pae_root();
        return mm::page_walk(a, access, control_, root.pdpte, cached, [this](mm::PhysAddr at, unsigned) { return memory_->load(at); });
    }
    void translated(mm::VirtAddr, mm::Pfn) {}
    void walked(const mm::ModelWalks& w) {
        bool once = true;
        for (unsigned n = 0; n < references_.size(); ++n)
            if (w.models >> n & 1) once = walked_.emplace(n, w).second && once;
        EXPECT_TRUE(once) << "a model walked twice";
    }

private:
    using Level = mm::MmuModel::Level;
    using Content = std::tuple<unsigned, unsigned, uint32_t, uint32_t, bool, unsigned>;  // level, shift, page, frame, fragment, permissions

    static unsigned bits(mm::Permissions p) { return p.write + 2u * p.user + 4u * p.execute + 8u * p.global; }

    std::multiset<Content> contents(mm::MmuModel& m) const {
        std::multiset<Content> all;
        m.each_valid([&](Level level, const mm::TlbEntry& e) {
            all.emplace(level, e.large ? engine_->shared().large_shift() : mm::page_shift, e.page, e.frame.raw, e.fragment, bits(e.permissions));
        });
        return all;
    }
    static std::multiset<Content> contents(const Reference& r) {
        std::multiset<Content> all;
        const auto add = [&](Level level, const NaiveLevel& tlbs) {
            tlbs.each([&](bool, unsigned, unsigned, const Cached& e) { all.emplace(level, e.shift, e.page, e.frame, e.fragment(), bits(e.permissions)); });
        };
        add(Level::first_instruction, r.instruction()), add(Level::first_data, r.data());
        add(Level::second_instruction, r.second_instruction()), add(Level::second_data, r.second_data());
        return all;
    }

    // All that is to be said about one access, by either.
    static std::string tell(bool walked, Cause cause, bool fault, bool cached, unsigned reads, uint64_t pde, uint64_t pte) {
        if (!walked) return "served";
        return std::string{mm::name(cause)} + (fault ? " fault" : "") + (cached ? " cached" : "") + " reads " + std::to_string(reads) + " pde " + std::to_string(pde) +
               " pte " + std::to_string(pte);
    }
    static std::string tell(uint64_t lookups, uint64_t misses, uint64_t walks, uint64_t second_hits) {
        return std::to_string(lookups) + " lookups, " + std::to_string(misses) + " misses, " + std::to_string(walks) + " walks, " + std::to_string(second_hits) + " second hits";
    }

    void compare_access(unsigned n, mm::VirtAddr a, mm::Access access, bool asked) {
        Reference& r = references_[n];
        const Outcome o = r.access(a, access, control_, memory_->tables());
        const auto found = walked_.find(n);
        const bool walks = o.by == ServedBy::walk, engine_walks = found != walked_.end();
        const mm::ModelWalks w = engine_walks ? found->second : mm::ModelWalks{};
        const bool same_walk = walks == engine_walks && (!walks || (w.cause == o.cause && w.walk.fault == o.fault && (w.cached >> n & 1) == o.pde_cached &&
                                                                    w.walk.reads == o.reads && w.walk.pde == o.pde && w.walk.pte == o.pte));
        const mm::LookupCounts mine = engine_->counts(n, access.kind);
        const Counts& theirs = access.is_execute() ? r.instruction_counts() : r.data_counts();
        const uint64_t hits = (*engine_)[n].second_hits();
        const bool same_counts = mine.lookups == theirs.lookups && mine.misses == theirs.misses && mine.walks == theirs.walks && hits == r.second_hits();
        if (!same_walk || !same_counts)
            ADD_FAILURE() << n << ' ' << geometries_[n].profile << ": " << (access.user ? "user" : "supervisor") << " access of kind " << static_cast<int>(access.kind)
                          << " to page " << mm::page_of(a).raw << (asked ? ", asked" : "") << "\n  engine: "
                          << tell(engine_walks, w.cause, w.walk.fault, w.cached >> n & 1, w.walk.reads, w.walk.pde, w.walk.pte) << "; "
                          << tell(mine.lookups, mine.misses, mine.walks, hits) << "\n  reference: " << tell(walks, o.cause, o.fault, o.pde_cached, o.reads, o.pde, o.pte)
                          << "; " << tell(theirs.lookups, theirs.misses, theirs.walks, r.second_hits());
        if (walks) ++seen_->walks, seen_->causes.insert(o.cause), seen_->cached_directory_entries += o.pde_cached;
        else ++seen_->hits, seen_->second_hits += o.by == ServedBy::second_level;
    }

    template <class Mine, class Theirs>
    void compare_flush(Mine&& mine, Theirs&& theirs) {
        for (unsigned n = 0; n < references_.size(); ++n) {
            const mm::Dropped d = mine((*engine_)[n]);
            const Dropped expected = theirs(references_[n]);
            if (d.instruction != expected.instruction || d.data != expected.data || d.second != expected.second || d.pde != expected.pde)
                ADD_FAILURE() << n << ' ' << geometries_[n].profile << ": a flush drops " << d.instruction << ' ' << d.data << ' ' << d.second << ' ' << d.pde << ", not "
                              << expected.instruction << ' ' << expected.data << ' ' << expected.second << ' ' << expected.pde;
        }
    }

    std::vector<mm::MmuGeometry> geometries_;  // the engine keeps pointers to them
    std::vector<Reference> references_;
    std::vector<mm::PageRecord> pages_;
    std::vector<mm::RegionRecord> regions_;
    std::unique_ptr<mm::LookupClock> clock_;
    std::unique_ptr<mm::MmuModels> engine_;
    EmulatedGrants grants_;
    const PagedMemory* memory_ = nullptr;
    mm::Control control_{};
    std::map<unsigned, mm::ModelWalks> walked_;
    Coverage* seen_;
};

}  // namespace reference
