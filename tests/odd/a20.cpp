// SPDX-License-Identifier: LGPL-2.1-or-later
// The A20 line held low while paging is on: of each pair of megabytes the bus shows only the lower one.
#include "guest-kernel/arch/port.hpp"
#include "tests/odd/odd.hpp"
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace odd::a20 {

using namespace twins;

constexpr uint16_t port_a = 0x92;  // the PS/2's system control port A
constexpr uint8_t a20_on = 2;
constexpr mm::Pfn odd_megabyte{0x900}, even_megabyte{0x800};

void run() {
    entry(0) = leaf(odd_megabyte);
    entry(1) = leaf(even_megabyte);
    slot_entry(1) = names(odd_megabyte + mm::Pages{1});  // its table is another on the bus
    entry(even_megabyte + mm::Pages{1}, 3) = leaf(data(3));
    flush_all();
    const uint8_t before = guest::in8(port_a);
    guest::out8(port_a, static_cast<uint8_t>(before & ~a20_on));
    for (unsigned n = 0; n < 3; ++n) {
        write(page(0), n);
        (void)read(page(1));
        (void)read(page(3, 1));
        flush_all();
    }
    guest::out8(port_a, before);
}
[[gnu::section(".twins"), gnu::used]] const Odd odd{"a20", run};

}  // namespace odd::a20
