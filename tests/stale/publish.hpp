// SPDX-License-Identifier: LGPL-2.1-or-later
// The twins' half of the guest protocol (doc/guest-protocol.md).
#pragma once

#include "guest-kernel/arch/port.hpp"
#include "mm/addr.hpp"
#include "mm/protocol.hpp"

namespace twins {

void publish_machine(const char* guest, const char* symbols);
// Inlined: the instruction that says so is the caller's.
[[gnu::always_inline]] inline void publish_page_table(mm::Pfn frame, mm::protocol::PageTable event) {
    guest::out32(mm::protocol::argument_port, frame.raw);
    guest::out32(mm::protocol::command_port, mm::protocol::command(mm::protocol::Op::page_table, static_cast<uint32_t>(event)));
}
void publish_result(uint32_t failures);

}  // namespace twins
