// SPDX-License-Identifier: LGPL-2.1-or-later
// How long events are at the least: what follows from their fields of fixed length.
#pragma once

#include "mm/trace.hpp"

namespace mm::trace {

// Bytes, behind the event's header.
constexpr unsigned least_size(EventId id) {
    const EventKind& k = kind_of(id);
    unsigned bits = 0;
    for (unsigned i = 0; i < k.field_count; ++i) {
        const Field& f = k.fields[i];
        const unsigned times = !f.length ? 1 : f.length[0] >= '0' && f.length[0] <= '9' ? unsigned(f.length[0] - '0') : 0;
        bits += times * (f.bits ? f.bits : 8);
    }
    return bits / 8;
}

// By event id.
struct LeastSizes {
    uint8_t bytes[event_kinds];
    constexpr LeastSizes() : bytes{} {
        for (unsigned i = 0; i < event_kinds; ++i) bytes[i] = static_cast<uint8_t>(least_size(static_cast<EventId>(i)));
    }
};
inline constexpr LeastSizes least_sizes{};

}  // namespace mm::trace
