// SPDX-License-Identifier: LGPL-2.1-or-later
// The DISPI registers: an index port, a data port, 16 bits wide.
#include "guest-kernel/kernel/io/display.hpp"

#include "guest-kernel/arch/port.hpp"
#include "guest-kernel/kernel/io/pci.hpp"

namespace guest {
namespace {

constexpr uint16_t index_port = 0x1CE, data_port = 0x1CF;

enum class Dispi : uint16_t { id = 0, width = 1, height = 2, bits = 3, enable = 4, memory_64k = 10 };
constexpr uint16_t id_mask = 0xFFF0, any_id = 0xB0C0;       // 0xB0C0 .. 0xB0C5, version 0 to 5
constexpr uint16_t enabled = 0x01, linear = 0x40, keep_memory = 0x80;
constexpr uint32_t default_base = 0xE0000000;
constexpr uint32_t flag_bits = 0xF;                         // of a memory BAR (PCI 2.1, 6.2.5.1)

void write(Dispi r, uint16_t value) {
    out16(index_port, static_cast<uint16_t>(r));
    out16(data_port, value);
}

uint16_t read(Dispi r) {
    out16(index_port, static_cast<uint16_t>(r));
    return in16(data_port);
}

}  // namespace

Maybe<FrameBuffer> find_frame_buffer() {
    if ((read(Dispi::id) & id_mask) != any_id) return {};
    FrameBuffer buffer{mm::PhysAddr{default_base}, uint32_t{read(Dispi::memory_64k)} << 16};
    const Maybe<PciFunction> adapter = find_pci(pci_vga);
    if (adapter) buffer.at = mm::PhysAddr{pci_read(*adapter, PciRegister::bar0) & ~flag_bits};
    return buffer;
}

DisplayMode::DisplayMode(uint16_t width, uint16_t height) {
    write(Dispi::enable, 0);
    write(Dispi::width, width);
    write(Dispi::height, height);
    write(Dispi::bits, 32);
    write(Dispi::enable, enabled | linear | keep_memory);
}

DisplayMode::~DisplayMode() { write(Dispi::enable, 0); }

}  // namespace guest
