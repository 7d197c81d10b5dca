// SPDX-License-Identifier: LGPL-2.1-or-later
// A reference model with a memory of its own, for cases that are worked out by hand.
#pragma once

#include "paged_memory.hpp"

namespace reference {

// Classic paging; the pages of the first 4 MiB are mapped to frames 0x1000 up, all permitted and none global.
struct OneCpu {
    static constexpr mm::Permissions all{true, true, true, false};
    static uint32_t frame_of(mm::VirtAddr a) { return 0x1000 + mm::page_of(a).raw; }

    explicit OneCpu(const mm::MmuGeometry& g) : model{g} {
        memory.set_table(mm::VirtAddr{0}, 2);
        for (uint32_t n = 0; n < 1024; ++n) memory.map_small(mm::VirtAddr{n << 12}, frame_of(mm::VirtAddr{n << 12}), all);
    }
    Outcome access(mm::VirtAddr a, mm::AccessKind kind = mm::AccessKind::read, bool user = true) {
        return model.access(a, {kind, user}, memory.control, memory.tables());
    }

    static bool in(const NaiveLevel& level, mm::VirtAddr a) {
        bool found = false;
        level.each([&](bool, unsigned, unsigned, const Cached& e) { found = found || e.maps(a); });
        return found;
    }
    static unsigned entries(const NaiveLevel& level) {
        unsigned n = 0;
        level.each([&](bool, unsigned, unsigned, const Cached&) { ++n; });
        return n;
    }
    [[nodiscard]] bool in_data(mm::VirtAddr a) const { return in(model.data(), a); }
    [[nodiscard]] bool in_second(mm::VirtAddr a) const { return in(model.second_data(), a); }
    [[nodiscard]] unsigned entries_of_data() const { return entries(model.data()); }

    PagedMemory memory{false};
    Reference model;
};

}  // namespace reference
