// SPDX-License-Identifier: LGPL-2.1-or-later
// Ends the run. Ports: Bochs' own "Shutdown" port, then QEMU's ACPI power management, then a halt.
#include "guest-kernel/kernel/panic.hpp"

#include "guest-kernel/arch/cr.hpp"
#include "guest-kernel/arch/port.hpp"
#include "guest-kernel/arch/stack.hpp"
#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/memory_report.hpp"
#include "guest-kernel/kernel/publish.hpp"
#include "guest-kernel/kernel/symbols.hpp"

namespace guest {
namespace {

constexpr uint16_t bochs_shutdown_port = 0x8900, acpi_control_port = 0x604;
constexpr uint16_t acpi_sleep_s5 = 0x2000;
constexpr unsigned deepest_trace = 32;
constexpr uint32_t largest_stack = 8192;

// Frame pointers chain upwards through one stack, to boot.S's zero or to what was ring 3's. An interrupted function is in
// the chain like a caller, for entry.S leaves ebp alone.
void print_back_trace() {
    print("Call Trace:\n");
    uint32_t frame = frame_pointer();
    for (unsigned depth = 0; depth < deepest_trace; ++depth) {
        const auto* words = reinterpret_cast<const uint32_t*>(frame);
        const uint32_t caller = words[0], return_address = words[1];
        if (return_address == 0) break;
        print(" ", SymbolicReturn{return_address}, "\n");
        if (caller <= frame || caller - frame > largest_stack || caller % 4 != 0) break;
        frame = caller;
    }
}

}  // namespace

void panic(const char* reason) {
    static bool again = false;
    print("panic: ", reason, "\n");
    if (!again) {
        again = true;
        print_back_trace();
        print_all_reports();
    }
    finish(1);
}

void finish(uint32_t failures) {
    publish_result(failures);
    for (const char* c = "Shutdown"; *c; ++c) out8(bochs_shutdown_port, static_cast<uint8_t>(*c));
    out16(acpi_control_port, acpi_sleep_s5);
    halt();
}

}  // namespace guest
