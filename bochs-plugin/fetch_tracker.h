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
    explicit FetchTracker(FetchPlace& place) : at_{place} {}

    // Execution goes on at an address that nobody has told yet (interrupt, exception, task switch, RSM, reset).
    void lose() {
        at_.start_unknown = true;
        at_.deferred = false;
        at_.window = shut_window;
    }

    // The instruction at `ip` is about to begin; the code segment's base may have changed.
    template <class Fetch>
    void start(uint32_t base, uint32_t ip, Fetch&& fetch) {
        at_.start_unknown = false;
        at_.deferred = false;
        at_.base = base;
        at_.target = linear(ip).raw;
        enter(mm::page_of(linear(ip)));
        fetch_if_new(mm::Vpn{at_.page}, fetch);
    }

    // Instructions up to the byte at `last` have begun.
    template <class Fetch>
    void run_to(uint32_t last, Fetch&& fetch) {
        if (at_.start_unknown) return;
        if (at_.deferred) fetch_if_new(mm::Vpn{at_.page}, fetch);
        at_.deferred = false;
        const mm::Vpn end = mm::page_of(linear(last));
        if (end.raw == at_.page) return;
        // A run of instructions goes forward, and passes 4 GiB only by wrapping to page 0.
        const uint32_t distance = (end.raw - at_.page) & 0xFFFFF;
        if (distance <= longest_run)
            for (uint32_t n = 1; n < distance; ++n) fetch_if_new(mm::Vpn{(at_.page + n) & 0xFFFFF}, fetch);
        fetch_if_new(end, fetch);
        enter(end);
    }

    // The instruction at `ip` has not begun; `instructions` counts those completed.
    template <class Fetch>
    void run_before(uint32_t ip, uint64_t instructions, Fetch&& fetch) {
        if (at_.start_unknown || (at_.deferred && instructions == at_.target_begins_at)) return;
        if (at_.deferred) fetch_if_new(mm::Vpn{at_.page}, fetch);
        at_.deferred = false;
        const uint32_t last = ip - 1;
        if (mm::page_of(linear(ip)).raw != at_.page && mm::page_of(linear(last)).raw != at_.page) run_to(last, fetch);
    }

    // The running instruction jumps to `target`; `instructions` counts those completed, without it.
    void jump(uint32_t target, uint64_t instructions) {
        if (at_.start_unknown) at_.start_unknown = false;
        at_.target = linear(target).raw;
        enter(mm::page_of(linear(target)));
        at_.deferred = true;
        at_.target_begins_at = instructions + 1;
    }
    void far_jump(uint32_t base, uint32_t target, uint64_t instructions) {
        at_.base = base;
        jump(target, instructions);
    }

    // A flush: the next instruction is looked up whatever page it is in.
    void forget_page() { at_.fetched = no_page; }
    // The instruction at `ip`, next once so many are completed, is looked up although its page was: translations have changed.
    void again(uint32_t ip, uint64_t instructions) {
        if (at_.start_unknown || at_.deferred || at_.page != mm::page_of(linear(ip)).raw) return;
        forget_page();
        at_.deferred = true;
        at_.target = linear(ip).raw;
        at_.target_begins_at = instructions;
        at_.window = shut_window;
    }
    // Where in the page execution began, as far as a jump tells.
    mm::VirtAddr entered(mm::Vpn page) const { return at_.target >> 12 == page.raw ? mm::VirtAddr{at_.target} : mm::address(page); }
    // A lookup that the caller made itself, for a fetch that faulted.
    void fetched(mm::Vpn page) { at_.fetched = page.raw; }

    mm::VirtAddr linear(uint32_t ip) const { return mm::VirtAddr{at_.base + ip}; }

private:
    static constexpr uint32_t longest_run = 1024;  // pages; further is no run but a lost jump, counted as one

    template <class Fetch>
    void fetch_if_new(mm::Vpn page, Fetch&& fetch) {
        if (page.raw == at_.fetched) return;
        at_.fetched = page.raw;
        fetch(page);
    }
    void enter(mm::Vpn page) {
        at_.page = page.raw;
        at_.window = static_cast<uint32_t>(mm::address(page).raw - at_.base);
    }

    FetchPlace& at_;
};

}  // namespace plugin
