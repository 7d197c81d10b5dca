// SPDX-License-Identifier: LGPL-2.1-or-later
// The guest's memory by linear address, through the page tables that are loaded, without side effects on the guest.
#pragma once

#include <optional>
#include <string>

#include "machine.h"
#include "mm/page_walk.hpp"
#include "mm/trace_events.hpp"

namespace plugin {

class GuestMemory {
public:
    GuestMemory(const Machine& machine, const mm::trace::State& state) : machine_{machine}, state_{state} {}

    // How the processor would walk for a read by the kernel.
    mm::PageWalk walk(mm::VirtAddr a) const {
        return mm::page_walk(a, {mm::AccessKind::read, false}, state_.control, state_.pdpte, nullptr,
                             [this](mm::PhysAddr at, unsigned bytes) { return machine_.load(at, bytes); });
    }
    std::optional<mm::PhysAddr> physical(mm::VirtAddr a) const {
        const mm::PageWalk w = walk(a);
        if (w.fault) return std::nullopt;
        return mm::address(w.translation.frame) + a.raw % mm::page_size;
    }
    // Little endian, at any address; nothing where no page is mapped.
    std::optional<uint32_t> word(mm::VirtAddr a) const {
        const uint32_t shift = a.raw % 4 * 8;
        const auto low = aligned_word(mm::VirtAddr{a.raw & ~3u});
        if (!shift || !low) return low;
        const auto high = aligned_word(mm::VirtAddr{(a.raw & ~3u) + 4});
        if (!high) return std::nullopt;
        return *low >> shift | *high << (32 - shift);
    }
    // The bytes up to the first NUL, at most so many.
    std::string text(mm::VirtAddr a, unsigned longest) const {
        std::string bytes;
        for (unsigned n = 0; n < longest; ++n) {
            const auto w = word(mm::VirtAddr{a.raw + n});
            if (!w || (*w & 0xFF) == 0) break;
            bytes += static_cast<char>(*w & 0xFF);
        }
        return bytes;
    }
    const mm::trace::State& state() const { return state_; }

private:
    std::optional<uint32_t> aligned_word(mm::VirtAddr a) const {
        const auto at = physical(a);
        if (!at) return std::nullopt;
        return static_cast<uint32_t>(machine_.load(*at, 4));
    }

    const Machine& machine_;
    const mm::trace::State& state_;
};

}  // namespace plugin
