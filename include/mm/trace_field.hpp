// SPDX-License-Identifier: LGPL-2.1-or-later
// How the table of events (trace.hpp) declares an event's fields.
#pragma once

#include <stdint.h>

namespace mm::trace {

enum class EventId : uint8_t;

// A field of an event. bits 0: a NUL-terminated string. With `length`, a sequence of as many elements as that field says.
struct Field {
    const char* name;
    uint8_t bits;
    bool hexadecimal;
    const char* length;
    const char* const* labels;  // names of the values 0, 1, 2, ...; ends with nullptr
    const char* meaning;        // with its unit
};

struct EventKind {
    EventId id;
    const char* name;
    const char* meaning;
    const Field* fields;
    unsigned field_count;
};

}  // namespace mm::trace
