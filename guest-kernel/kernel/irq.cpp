// SPDX-License-Identifier: LGPL-2.1-or-later
// The handlers' table, and the masks as they were written last.
#include "guest-kernel/kernel/irq.hpp"

#include "guest-kernel/arch/pic.hpp"
#include "guest-kernel/kernel/timer.hpp"
#include "guest-kernel/mm/require.hpp"

namespace guest {
namespace {

struct Line {
    InterruptHandler handler = nullptr;
    void* context = nullptr;
};

constexpr uint16_t bit(unsigned line) { return static_cast<uint16_t>(1u << line); }
constexpr uint16_t slave_bits = 0xFF00;

Line lines[interrupt_lines];
uint16_t wanted = 0;  // unmasked lines
InterruptCounts counts{};

void set_masks(uint16_t lines_wanted) {
    wanted = lines_wanted;
    const uint16_t cascade = wanted & slave_bits ? bit(pic::slave_line) : uint16_t{0};
    write_interrupt_masks(static_cast<uint16_t>(~(wanted | cascade)));
}

}  // namespace

void set_interrupt_handler(unsigned line, InterruptHandler handler, void* context) {
    require(line < interrupt_lines && line != pic::slave_line, "no such interrupt line");
    lines[line] = {handler, context};
}

void unmask_line(unsigned line) {
    require(lines[line].handler, "unmasked an interrupt that nobody handles");
    set_masks(static_cast<uint16_t>(wanted | bit(line)));
}

void mask_line(unsigned line) { set_masks(static_cast<uint16_t>(wanted & ~bit(line))); }

// The end of interrupt comes after the handler: a level-triggered line must have been lowered by then.
void take_interrupt(unsigned line) {
    ++counts.taken;
    if (spurious_interrupt(line)) {
        ++counts.spurious;
        return;
    }
    if (lines[line].handler) lines[line].handler(lines[line].context);
    else ++counts.unhandled;
    end_interrupt(line);
}

bool device_interrupts_expected() { return wanted & ~bit(timer_line); }

InterruptCounts interrupt_counts() { return counts; }

}  // namespace guest
