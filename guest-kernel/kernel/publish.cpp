// SPDX-License-Identifier: LGPL-2.1-or-later
// The guest's half of the port protocol.
#include "guest-kernel/kernel/publish.hpp"

#include "guest-kernel/arch/port.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/workload/spans.hpp"

namespace guest {
namespace {

namespace protocol = mm::protocol;
using protocol::Op;

constexpr const char* image_names[][2] = {
    {"kernel-3-1-classic.elf", "kernel-3-1-pae.elf"},
    {"kernel-2-2-classic.elf", "kernel-2-2-pae.elf"},
    {"kernel-1-3-classic.elf", "kernel-1-3-pae.elf"},
    {"kernel-4-4-classic.elf", "kernel-4-4-pae.elf"},
};
constexpr const char* image_name = image_names[static_cast<unsigned>(layout.split)][static_cast<unsigned>(layout.paging)];

void argument(uint32_t word) { out32(protocol::argument_port, word); }

// Four bytes to a word, little endian, padded with NULs.
void argument(const char* text) {
    uint32_t word = 0;
    unsigned i = 0;
    for (; text[i]; ++i) {
        word |= uint32_t{static_cast<uint8_t>(text[i])} << 8 * (i % 4);
        if (i % 4 == 3) argument(word), word = 0;
    }
    if (i % 4 != 0) argument(word);
}

void send(Op op, uint32_t operand) { out32(protocol::command_port, protocol::command(op, operand)); }

// A bound of 4 GiB becomes 0, as the protocol has it.
void publish_region(const char* region, uint64_t start, uint64_t end) {
    argument(static_cast<uint32_t>(start));
    argument(static_cast<uint32_t>(end));
    argument(region);
    send(Op::region, 0);
}

void publish_zone(const Zone& zone) {
    argument(zone.start().raw);
    argument(zone.end().raw);
    argument(zone.present().raw);
    constexpr const char* names[] = {"DMA", "NORMAL", "HIGHMEM"};
    argument(names[index_of(zone.type())]);
    send(Op::zone, zone.node());
}

}  // namespace

void publish_machine() {
    argument("zonescope");
    send(Op::hello, protocol::version);
    for (ZoneType z : all_zones)
        for (unsigned node = 0; node < zones().nodes(); ++node)
            if (node == 0 || zones().zone(z, node).present().raw != 0) publish_zone(zones().zone(z, node));

    publish_region("user", layout.user_start, layout.user_end);
    publish_region("lowmem", layout.kernel_base, layout.kernel_base + mm::address(direct_map_end).raw);
    publish_region("vmalloc", vmalloc_start().raw, layout.vmalloc_end);
    publish_region("pkmap", layout.pkmap_base, layout.pkmap_end);
    publish_region("fixmap", layout.fixmap_base, layout.fixmap_end);
    if constexpr (layout.own_page_tables)
        publish_region(protocol::trampoline_region, layout.trampoline_base, layout.trampoline_end);

    argument(image_name);
    send(Op::symbols, 0);
    for (uint32_t id = 0; id < static_cast<uint32_t>(Span::count_); ++id) {
        argument(span_names[id]);
        send(Op::span_name, id);
    }
}

void publish_page_table(mm::Pfn frame, protocol::PageTable event) {
    argument(frame.raw);
    send(Op::page_table, static_cast<uint32_t>(event));
}

void publish_result(uint32_t failures) { send(Op::result, failures); }

}  // namespace guest
