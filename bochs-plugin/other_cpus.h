// SPDX-License-Identifier: LGPL-2.1-or-later
// Uses of what another CPU has changed (SDM vol. 3, 4.10.5). A change takes its time: as long as the CPU that makes it has not gone on, nobody
// relies on the new translation, and the old one does no harm on the others. Then they are told, by an interrupt whose handler flushes.
//
//   CPU 0   entry changed ---- flushes here, sends the interrupt ---- waits ---- all have answered
//   CPU 1   use: no harm     | use: no harm if it flushes in the interrupt     | flushed | use: by the new entry
//           use: no harm     | use: reported                                     (nobody told it)
#pragma once

#include <unordered_map>

#include "entry_change.h"
#include "table_watch.h"

namespace plugin {

// How far one CPU has come since it changed an entry. Its steps are counted, not timed: with several CPUs the clock stands still for
// some instructions.
class Progress {
public:
    void flushed_page(mm::VirtAddr a) {
        if (!page_) page_ = make_sparse<uint64_t>(pages), region_ = make_sparse<uint64_t>(pages >> region_pages_shift);
        page_[mm::page_of(a).raw] = region_[mm::page_of(a).raw >> region_pages_shift] = ++steps_;
    }
    // It loaded CR3, changed what flushes everything, or returned to a program.
    void went_on() { went_on_ = ++steps_; }
    uint64_t steps() const { return steps_; }

    // Whether it has taken the change for made. `one_page`: of no more than that is the translation.
    bool finished(const EntryChange& change, mm::VirtAddr a, bool one_page, uint64_t now) const {
        if (went_on_ > change.writer_steps || now - change.ticks > longest) return true;
        if (!page_) return false;
        return (one_page ? page_[mm::page_of(a).raw] : region_[mm::page_of(a).raw >> region_pages_shift]) > change.writer_steps;
    }

private:
    static constexpr unsigned pages = 1u << 20, region_pages_shift = 10;  // a region is as large as a large page may be
    static constexpr uint64_t longest = 50'000'000;                       // ticks, a second of the guest: no kernel takes that long for a change

    Sparse<uint64_t> page_, region_;  // by linear page and region: the step that flushed it
    uint64_t steps_ = 0, went_on_ = 0;
};

// Uses that were counted at a site, of translations that the CPU still holds: if it flushes them because it is told, they are no mistakes.
class UntoldUses {
public:
    struct Use {
        uint16_t site;
        uint32_t page;
        bool one_page, directory, global;
        uint32_t uses = 1;

        bool of_page(uint32_t other) const {
            return page == other || (!one_page && page >> 10 == other >> 10);
        }
    };

    static constexpr size_t most = 4096;  // some 300 KiB

    // False if there is no room for it.
    bool add(const Use& use) {
        const auto known = uses_.find(key(use));
        if (known != uses_.end()) return ++known->second.uses, true;
        return uses_.size() < most && uses_.emplace(key(use), use).second;
    }
    // Those that are flushed now, settle(use) for each.
    template <class Covers, class Settle> void flush(Covers&& covers, Settle&& settle) {
        for (auto at = uses_.begin(); at != uses_.end();) {
            if (!covers(at->second)) {
                ++at;
                continue;
            }
            settle(at->second);
            at = uses_.erase(at);
        }
    }

private:
    static uint64_t key(const Use& use) { return uint64_t{use.site} << 32 | use.page; }

    std::unordered_map<uint64_t, Use> uses_;
};

// Whether a CPU is in the handler of an interrupt that another has sent. Not longer than until it returns to a program: a handler may
// switch to another task, which leaves the kernel by a way of its own.
class Told {
public:
    void interrupt(bool by_another_cpu) { announced_ = by_another_cpu; }
    void delivered() {
        if (announced_) depth_ = 1, announced_ = false;
        else if (depth_ != 0) ++depth_;
    }
    void returned(bool to_user) {
        if (to_user) depth_ = 0;
        else if (depth_ != 0) --depth_;
    }
    bool now() const { return depth_ != 0; }

private:
    bool announced_ = false;
    unsigned depth_ = 0;  // of interrupts and exceptions, from that one on
};

}  // namespace plugin
