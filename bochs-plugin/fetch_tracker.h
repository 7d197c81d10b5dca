// SPDX-License-Identifier: LGPL-2.1-or-later
// Finds the sequence of code pages that are fetched from, without looking at every instruction.
//
//   jump ----> run of instructions one after the other ----> jump
//              |<- window: the page of the fetch ->|<- next page, crossed into ->|
//
// A run is known by its start and by the last byte executed, which the next jump, slow data access or event tells. What a
// check before each instruction would find (its page, then the page of its last byte) follows from those two: the
// caller's fetch(page) is called in the same order. A jump's target counts only once its first instruction begins: an
// interrupt may come first.
#pragma once

#include "fast_path.h"
#include "mm/addr.hpp"

namespace plugin {

class FetchTracker {
public:
    explicit FetchTracker(FastPath& fast) : fast_{fast} {}

    // Execution goes on at an address that nobody has told yet (interrupt, exception, task switch, RSM, reset).
    void lose() {
        fast_.start_unknown = true;
        fast_.deferred = false;
        shut_window();
    }

    // The instruction at `ip` is about to begin; the code segment's base may have changed.
    template <class Fetch>
    void start(uint32_t base, uint32_t ip, Fetch&& fetch) {
        fast_.start_unknown = false;
        fast_.deferred = false;
        base_ = base;
        enter(mm::page_of(linear(ip)));
        fetch_if_new(page_, fetch);
    }

    // Instructions up to the byte at `last` have begun.
    template <class Fetch>
    void run_to(uint32_t last, Fetch&& fetch) {
        if (fast_.start_unknown) return;
        if (fast_.deferred) fetch_if_new(page_, fetch);
        fast_.deferred = false;
        const mm::Vpn end = mm::page_of(linear(last));
        if (end == page_) return;
        // A run of instructions goes forward, and passes 4 GiB only by wrapping to page 0.
        const uint32_t distance = (end.raw - page_.raw) & 0xFFFFF;
        if (distance <= longest_run)
            for (uint32_t n = 1; n < distance; ++n) fetch_if_new(mm::Vpn{(page_.raw + n) & 0xFFFFF}, fetch);
        fetch_if_new(end, fetch);
        enter(end);
    }

    // The instruction at `ip` has not begun; `instructions` counts those completed.
    template <class Fetch>
    void run_before(uint32_t ip, uint64_t instructions, Fetch&& fetch) {
        if (fast_.start_unknown || (fast_.deferred && instructions == target_begins_at_)) return;
        if (fast_.deferred) fetch_if_new(page_, fetch);
        fast_.deferred = false;
        const uint32_t last = ip - 1;
        if (mm::page_of(linear(ip)) != page_ && mm::page_of(linear(last)) != page_) run_to(last, fetch);
    }

    // The running instruction jumps to `target`; `instructions` counts those completed, without it.
    void jump(uint32_t target, uint64_t instructions) {
        if (fast_.start_unknown) fast_.start_unknown = false;
        enter(mm::page_of(linear(target)));
        fast_.deferred = true;
        target_begins_at_ = instructions + 1;
    }
    void far_jump(uint32_t base, uint32_t target, uint64_t instructions) {
        base_ = base;
        jump(target, instructions);
    }

    // A flush: the next instruction is looked up whatever page it is in.
    void forget_page() { fetched_ = mm::Vpn{no_page}; }
    // A lookup that the caller made itself, for a fetch that faulted.
    void fetched(mm::Vpn page) { fetched_ = page; }

    mm::VirtAddr linear(uint32_t ip) const { return mm::VirtAddr{base_ + ip}; }

private:
    static constexpr uint32_t longest_run = 1024;  // pages; further is no run but a lost jump, counted as one

    template <class Fetch>
    void fetch_if_new(mm::Vpn page, Fetch&& fetch) {
        if (page == fetched_) return;
        fetched_ = page;
        fetch(page);
    }
    void enter(mm::Vpn page) {
        page_ = page;
        fast_.window = static_cast<uint32_t>(mm::address(page).raw - base_);
    }
    void shut_window() { fast_.window = uint64_t{1} << 62; }  // no instruction pointer is near it

    FastPath& fast_;
    uint32_t base_ = 0;              // of the code segment
    mm::Vpn page_{no_page};          // where execution is, or goes when deferred
    mm::Vpn fetched_{no_page};       // of the last lookup
    uint64_t target_begins_at_ = 0;  // instructions completed when the deferred target is next
};

}  // namespace plugin
