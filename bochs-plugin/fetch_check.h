// SPDX-License-Identifier: LGPL-2.1-or-later
// Proves FetchTracker on a real guest: Bochs built with -DZONESCOPE_VERIFY tells of every instruction, and the sequence of pages
// found that way must be the tracker's wherever the tracker has caught up. Without that macro nothing is compared.
#pragma once

#include <stdio.h>

#include "fast_path.h"
#include "mm/addr.hpp"

namespace plugin {

class FetchCheck {
public:
    // What the tracker found.
    void looked_up(mm::Vpn page) { ours_.add(page); }
    // A fetch that faulted: no instruction begins, both sides count it.
    void faulted(mm::Vpn page) {
        ours_.add(page);
        theirs_.add(page);
        last_ = page;
    }
    void forget_page() { last_ = mm::Vpn{no_page}; }

    // An instruction is about to begin; its first and last byte are in these pages.
    void instruction(mm::Vpn first, mm::Vpn end) {
        checking_ = true;
        visit(first);
        visit(end);
    }

    // The tracker has caught up with the instruction at this place.
    void compare(mm::VirtAddr place) {
        if (!checking_ || (ours_.count == theirs_.count && ours_.hash == theirs_.hash)) return;
        if (mismatches_++ < 20)
            fprintf(stderr, "zonescope: fetch sequence differs at 0x%08x: %llu lookups by the tracker, %llu by instruction\n", place.raw,
                    static_cast<unsigned long long>(ours_.count), static_cast<unsigned long long>(theirs_.count));
        ours_ = theirs_;
    }
    uint64_t mismatches() const { return mismatches_; }

private:
    struct Sequence {
        uint64_t count = 0, hash = 0;
        void add(mm::Vpn page) {
            ++count;
            hash = (hash ^ page.raw) * 0x9E3779B97F4A7C15;
        }
    };
    void visit(mm::Vpn page) {
        if (page == last_) return;
        last_ = page;
        theirs_.add(page);
    }

    Sequence ours_, theirs_;
    mm::Vpn last_{no_page};
    bool checking_ = false;
    uint64_t mismatches_ = 0;
};

}  // namespace plugin
