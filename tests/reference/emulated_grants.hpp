// SPDX-License-Identifier: LGPL-2.1-or-later
// What an emulator's own TLB lets pass without translating again: the engine is told of each new translation, and only of those.
#pragma once

#include <map>

#include "mm/page_walk.hpp"

namespace reference {

// As in Bochs: a translation for one privilege serves the other too if the page is open to it; writes pass after a write only.
class EmulatedGrants final {
public:
    [[nodiscard]] bool has(mm::VirtAddr a, mm::Access access) const {
        const auto found = pages_.find(mm::page_of(a).raw);
        return found != pages_.end() && found->second.passes[static_cast<unsigned>(access.kind)][access.user];
    }
    void translate(mm::VirtAddr a, mm::Access access, const mm::PageWalk& w, const mm::Control& c) {
        Page& page = pages_[mm::page_of(a).raw];
        for (const bool user : {false, true}) {
            const auto passes = [&](mm::AccessKind k) { return !w.fault && mm::allows(w.translation.permissions, {k, user}, c); };
            if (access.is_execute()) {
                page.passes[2][user] = passes(mm::AccessKind::execute);
            } else {
                page.passes[0][user] = passes(mm::AccessKind::read);
                page.passes[1][user] = access.is_write() && passes(mm::AccessKind::write);
            }
        }
    }
    void forget(mm::VirtAddr a) { pages_.erase(mm::page_of(a).raw); }
    void clear() { pages_.clear(); }

private:
    struct Page { bool passes[3][2] = {}; };  // by kind of access and privilege
    std::map<uint32_t, Page> pages_;
};

}  // namespace reference
