// SPDX-License-Identifier: LGPL-2.1-or-later
// Channel 2 of the PC's DMA controller, which serves the floppy (Intel 8237A datasheet; IBM PC/AT's page registers).
//
// A 16-bit counter and an 8-bit page: 24 address bits, hence 16 MiB, and no transfer crosses a 64 KiB boundary.
#pragma once

#include "guest-kernel/arch/port.hpp"
#include "guest-kernel/mm/require.hpp"
#include "mm/addr.hpp"

namespace guest {

struct IsaTransfer {
    uint32_t address, bytes;

    static constexpr uint32_t limit = uint32_t{16} << 20, window = uint32_t{64} << 10;

    constexpr bool possible() const {
        return bytes != 0 && bytes <= window && address < limit && address / window == (address + bytes - 1) / window;
    }
};
static_assert(IsaTransfer{0xFF0000, 0x10000}.possible() && !IsaTransfer{0xFFF000, 0x1001}.possible());
static_assert(IsaTransfer{0x1F000, 0x1000}.possible() && !IsaTransfer{0x1F800, 0x1000}.possible());
static_assert(!IsaTransfer{0x1000000, 0x1000}.possible());

// Prepares the channel; the device's requests then move the bytes.
inline void start_floppy_dma(IsaTransfer t, bool to_memory) {
    require(t.possible(), "ISA DMA cannot reach this memory: it should have been bounced");
    constexpr uint16_t address = 0x04, count = 0x05, mask = 0x0A, mode = 0x0B, clear_flip_flop = 0x0C, page = 0x81;
    constexpr uint8_t channel = 2, masked = 4, single_to_memory = 0x44, single_to_device = 0x48;
    out8(mask, channel | masked);
    out8(mode, (to_memory ? single_to_memory : single_to_device) | channel);
    out8(clear_flip_flop, 0);
    out8(address, static_cast<uint8_t>(t.address));
    out8(address, static_cast<uint8_t>(t.address >> 8));
    out8(page, static_cast<uint8_t>(t.address >> 16));
    out8(count, static_cast<uint8_t>(t.bytes - 1));
    out8(count, static_cast<uint8_t>((t.bytes - 1) >> 8));
    out8(mask, channel);
}

}  // namespace guest
