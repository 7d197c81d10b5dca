// SPDX-License-Identifier: LGPL-2.1-or-later
// What flushes were good for, by profile and by the instruction that flushed: which refills they led to, and which flushes were
// useless. doc/timing-model.md defines the words.
//
//   walk of page X   flush F (drops X)   walk of X, cause F's   --> F was paid for with a refill
//   walk of page X   flush F (drops X)   ... X never again      --> F dropped nothing that was missed
#pragma once

#include <array>
#include <memory>
#include <unordered_map>
#include <vector>

#include "mm/trace_codec.hpp"
#include "profile.hpp"

namespace tools {

enum class FlushKind : uint8_t { invlpg, cr3_write, other };  // other: CR0, CR4, task switch, INVPCID

enum class Useless : uint8_t {
    not_cached,        // INVLPG of a page that no TLB of the profile held
    same_value,        // CR3 was written with the value that it had, a profile lost something, and the guest gave no reason
    nothing_dropped,   // CR3 was written, and there was no page to drop
    nothing_refilled,  // pages were dropped, and none of them was walked for again
};
inline constexpr size_t useless_kinds = 4;

// One instruction that flushes.
struct FlushSite {
    uint32_t ip;                                     // linear address
    FlushKind kind;
    uint64_t executed{}, refills{};                  // with paging on, but in long mode; walks for what its flushes had dropped
    std::array<uint64_t, useless_kinds> useless{};   // by Useless
};

struct FlushReport {
    std::vector<FlushSite> sites;                    // by address
    [[nodiscard]] uint64_t useless(Useless u, FlushKind kind) const;
    [[nodiscard]] uint64_t useless(Useless u) const;
    [[nodiscard]] uint64_t executed(FlushKind kind) const;
};

// Follows one CPU's flushes and walks, for one profile.
class FlushUse final {
public:
    explicit FlushUse(const Profile& profile);

    // Whether the entries that it drops are those of one page, all that are not global, or all.
    enum class Scope : uint8_t { page, non_global, all };

    // A flush that dropped pages.
    void flush(unsigned site, Scope scope, mm::RefillCause cause, mm::Vpn page, mm::Vpn first_of_large);
    // A walk that cached its page, and why it was made.
    void walk(mm::Vpn page, bool large, mm::Vpn first_of_large, bool execute, mm::RefillCause cause) {
        Page& p = page_of(large && (execute ? large_instruction_ : large_data_) ? first_of_large : page, execute);
        if (mm::is_flush(cause)) refill(p, cause);
        p.non_global = non_global_.next + 1, p.all = all_.next + 1, p.page = 0;
    }
    void executed(unsigned site) { ++count(site).executed; }
    void useless(unsigned site, Useless u) { ++count(site).useless[static_cast<size_t>(u)]; }

    // Flushes that wait for a refill have waited in vain. By site.
    [[nodiscard]] const std::vector<FlushSite>& finish();

private:
    struct Record {
        uint32_t site;
        mm::RefillCause cause;
        bool refilled;
    };
    // The last flushes of a scope, numbered from 0. The older ones are forgotten, and counted.
    struct Ring {
        std::vector<Record> records;
        uint32_t next = 0;
    };
    static constexpr uint32_t ring_size = 1u << 15;

    // What is known of a page: flushes of everything that there had been when it was walked for last, plus 1 (0: it never was),
    // and the first flush of the page itself since, plus 1.
    struct Page {
        uint32_t non_global = 0, all = 0, page = 0;
    };
    using Chunk = std::array<Page, 1024>;

    Page& page_of(mm::Vpn page, bool execute) {
        auto& chunk = chunks_[execute && !shared_][page.raw >> 10];
        if (!chunk) chunk = std::make_unique<Chunk>();
        return (*chunk)[page.raw & 1023];
    }
    void refill(const Page& p, mm::RefillCause cause);
    Page* find(mm::Vpn page, bool execute);
    void push(Ring& ring, const Record& record);
    void retire(const Record& record);
    bool charge(Ring& ring, uint32_t number_plus_1, mm::RefillCause cause);
    FlushSite& count(unsigned site) {
        if (site >= sites_.size()) sites_.resize(site + 1);
        return sites_[site];
    }

    bool shared_, large_instruction_, large_data_;
    Ring page_, non_global_, all_;
    std::array<std::unique_ptr<Chunk>, 1024> chunks_[2];
    std::vector<FlushSite> sites_;
};

// Follows one CPU's flushes for all profiles: tells FlushUse what each flushing instruction did.
class FlushFollower final {
public:
    explicit FlushFollower(const std::vector<Profile>& profiles);

    void state(const mm::trace::State& s) { cr3_ = s.control.cr3; }
    void write(const mm::trace::ControlWrite& e, const mm::trace::State& s);
    void task_switch(const mm::trace::TaskSwitch& e, const mm::trace::State& s);
    void invalidate(const mm::trace::InvalidatePage& e, const mm::trace::State& s);
    void invalidate(const mm::trace::InvalidatePcid& e, const mm::trace::State& s);
    void flush(const mm::trace::Flush& e, size_t profile);
    FlushUse& of(size_t profile) { return uses_[profile]; }

    // Adds what was found to the reports, one for each profile.
    void finish(std::vector<FlushReport>& reports);

private:
    // Whether the guest said why it flushes. Only a flush event tells: an instruction that no profile lost anything by has none.
    enum class Reason : uint8_t { unknown, none, given };
    // The flushing instruction whose flush events may follow.
    struct Pending {
        unsigned site = 0;
        FlushKind kind = FlushKind::other;
        FlushUse::Scope scope = FlushUse::Scope::all;
        mm::Vpn page{}, first_of_large{};
        bool counts = false, same_value = false;
        Reason reason = Reason::unknown;
        uint32_t dropped = 0;  // bit n: the n-th profile lost pages
    };
    void begin(FlushKind kind, FlushUse::Scope scope, uint32_t ip, bool counts);
    void end();

    std::vector<FlushUse> uses_;
    std::unordered_map<uint64_t, unsigned> numbers_;
    std::vector<FlushSite> sites_;  // their addresses and kinds
    Pending pending_;
    uint32_t cr3_ = 0;
};

// The first 4 KiB page of the large page that holds `page`.
[[nodiscard]] inline mm::Vpn first_of_large(mm::Vpn page, const mm::trace::State& s) {
    const bool pae = s.control.mode() == mm::PagingMode::pae;
    return mm::Vpn{page.raw & ~((pae ? 512u : 1024u) - 1)};
}

}  // namespace tools
