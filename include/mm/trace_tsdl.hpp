// SPDX-License-Identifier: LGPL-2.1-or-later
// The CTF 1.8 metadata (TSDL text) of a trace, made from the event tables of trace.hpp. The same text for the same
// arguments, always: nothing in it depends on the host or the time of day.
#pragma once

#include "mm/trace.hpp"

namespace mm::trace {

// put(const char*) receives the text piece by piece. `ticks_per_second` is Bochs' ips: how ticks become virtual time.
template <class Put>
constexpr void put_number(Put&& put, uint64_t value) {
    char digits[21] = {};
    char* at = digits + 20;
    do *--at = static_cast<char>('0' + value % 10), value /= 10; while (value);
    put(static_cast<const char*>(at));
}

template <class Put>
constexpr void put_integer(Put&& put, const Field& f) {
    put("integer { size = "), put_number(put, f.bits), put("; align = 1; signed = false; base = "), put(f.hexadecimal ? "16; }" : "10; }");
}

template <class Put>
constexpr void put_field(Put&& put, const Field& f) {
    put("        ");
    if (f.bits == 0) put("string");
    else if (f.labels) {
        put("enum : "), put_integer(put, f), put(" { ");
        for (unsigned i = 0; f.labels[i]; ++i) put(i ? ", " : ""), put(f.labels[i]), put(" = "), put_number(put, i);
        put(" }");
    } else put_integer(put, f);
    put(" "), put(f.name);
    if (f.length) put("["), put(f.length), put("]");
    put(";\n");
}

template <class Put>
constexpr void put_metadata(Put&& put, uint64_t ticks_per_second) {
    put("/* CTF 1.8 */\n\n"
        "typealias integer { size = 8; align = 1; signed = false; } := uint8_t;\n"
        "typealias integer { size = 32; align = 1; signed = false; base = 16; } := hex32_t;\n"
        "typealias integer { size = 32; align = 1; signed = false; } := uint32_t;\n"
        "typealias integer { size = 64; align = 1; signed = false; } := uint64_t;\n\n"
        "trace {\n    major = 1;\n    minor = 8;\n    byte_order = le;\n"
        "    packet.header := struct {\n        hex32_t magic;\n        uint32_t stream_id;\n    };\n};\n\n"
        "env {\n    domain = \"zonescope\";\n    trace_version = "), put_number(put, version);
    put(";\n};\n\n"
        "clock {\n    name = ticks;\n    description = \"Bochs ticks: instructions, REP iterations and idle time\";\n    freq = "), put_number(put, ticks_per_second);
    put(";\n    offset = 0;\n    absolute = false;\n};\n\n"
        "stream {\n    id = 0;\n"
        "    packet.context := struct {\n"
        "        integer { size = 64; align = 1; signed = false; map = clock.ticks.value; } timestamp_begin;\n"
        "        integer { size = 64; align = 1; signed = false; map = clock.ticks.value; } timestamp_end;\n"
        "        uint64_t content_size;\n        uint64_t packet_size;\n        uint32_t cpu_id;\n        uint32_t packet_seq_num;\n    };\n"
        "    event.header := struct {\n"
        "        enum : integer { size = 5; align = 1; signed = false; } { compact = 0 ... 30, extended = 31 } id;\n"
        "        variant <id> {\n"
        "            struct { integer { size = 27; align = 1; signed = false; map = clock.ticks.value; } timestamp; } compact;\n"
        "            struct {\n"
        "                integer { size = 32; align = 8; signed = false; } id;\n"
        "                integer { size = 64; align = 8; signed = false; map = clock.ticks.value; } timestamp;\n"
        "            } extended;\n        } v;\n    };\n};\n");
    for (const EventKind& k : kinds) {
        put("\nevent {\n    id = "), put_number(put, static_cast<unsigned>(k.id)), put(";\n    name = \""), put(k.name);
        put("\";\n    stream_id = 0;\n    fields := struct {\n");
        for (unsigned i = 0; i < k.field_count; ++i) put_field(put, k.fields[i]);
        put("    };\n};\n");
    }
}

}  // namespace mm::trace
