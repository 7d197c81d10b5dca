// SPDX-License-Identifier: LGPL-2.1-or-later
// The end of a run: what the guest found, and power-off.
#include "guest-kernel/arch/cr.hpp"
#include "guest-kernel/arch/port.hpp"
#include "tests/stale/publish.hpp"
#include "tests/stale/traps.hpp"

void twins::end_run(uint32_t failures) {
    constexpr uint16_t bochs_shutdown_port = 0x8900;
    publish_result(failures);
    for (const char* c = "Shutdown"; *c; ++c) guest::out8(bochs_shutdown_port, static_cast<uint8_t>(*c));
    guest::halt();
}
