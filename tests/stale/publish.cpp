// SPDX-License-Identifier: LGPL-2.1-or-later
// What machine.hpp's picture says, for zonescope.
#include "tests/stale/publish.hpp"

#include "guest-kernel/arch/port.hpp"
#include "tests/stale/machine.hpp"

namespace twins {
namespace {

namespace protocol = mm::protocol;
using protocol::Op;

void argument(uint32_t word) { guest::out32(protocol::argument_port, word); }
void argument(mm::Pfn frame) { argument(frame.raw); }

// Four bytes to a word, little endian, padded with NULs.
void argument(const char* text) {
    for (bool more = true; more;) {
        uint32_t word = 0;
        for (unsigned i = 0; i < 4 && more; ++i) {
            word |= uint32_t{static_cast<uint8_t>(*text)} << 8 * i;
            more = *text++ != '\0';
        }
        argument(word);
    }
}

void send(Op op, uint32_t operand) { guest::out32(protocol::command_port, protocol::command(op, operand)); }

void publish_zone(const char* name, mm::Pfn start, mm::Pfn end) {
    argument(start);
    argument(end);
    argument((end - start).raw);
    argument(name);
    send(Op::zone, 0);
}

void publish_region(const char* name, uint32_t start, uint32_t end) {
    argument(start);
    argument(end);
    argument(name);
    send(Op::region, 0);
}

}  // namespace

void publish_machine(const char* guest, const char* symbols) {
    argument(guest);
    send(Op::hello, protocol::version);
    publish_zone("kernel", mm::Pfn{0}, table(0));
    publish_zone("tables", table(0), data(0));
    publish_zone("data", data(0), large_frame(2));
    publish_region("identity", 0, 16 * mm::mebibyte);
    publish_region("window", page(0).raw, page(0, 8).raw);
    argument(symbols);
    send(Op::symbols, 0);
}

void publish_result(uint32_t failures) { send(Op::result, failures); }

}  // namespace twins
