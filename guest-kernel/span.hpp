// SPDX-License-Identifier: LGPL-2.1-or-later
// Marks a measured operation for zonescope: one port write at each end, from ring 0 and from ring 3 alike.
//
//   span_begin(Span::null_syscall);  system_call(Call::null);  span_end(Span::null_syscall);
//
// One pair per iteration of the operation; warm-up iterations have none. Spans nest. Ids and names: workload/spans.hpp.
#pragma once

#include "guest-kernel/arch/port.hpp"
#include "mm/protocol.hpp"

namespace guest {

enum class Span : uint16_t;

inline void span_begin(Span s) {
    out32(mm::protocol::command_port, mm::protocol::command(mm::protocol::Op::span_begin, static_cast<uint32_t>(s)));
}
inline void span_end(Span s) {
    out32(mm::protocol::command_port, mm::protocol::command(mm::protocol::Op::span_end, static_cast<uint32_t>(s)));
}

}  // namespace guest
