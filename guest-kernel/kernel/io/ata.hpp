// SPDX-License-Identifier: LGPL-2.1-or-later
// The ATA registers, commands and IDENTIFY data that the driver uses (ATA/ATAPI-4, chapters 7 and 8), and the bus master
// of the PIIX3 (Intel 82371SB datasheet, 2.7).
#pragma once

#include <stdint.h>

namespace guest::ata {

// Offsets from the channel's command block.
inline constexpr uint16_t data = 0, sector_count = 2, lba_low = 3, lba_mid = 4, lba_high = 5, device = 6, status = 7, command = 7;

inline constexpr uint8_t status_error = 0x01, status_data_request = 0x08, status_fault = 0x20, status_busy = 0x80;

inline constexpr uint8_t device_lba = 0xE0, device_slave = 0x10;  // bits 5 and 7 are ones in old devices
inline constexpr uint32_t lba28_sectors = uint32_t{1} << 28;

enum class Command : uint8_t {
    read_multiple = 0xC4,
    write_multiple = 0xC5,
    set_multiple = 0xC6,  // sectors per data block, hence per interrupt
    read_dma = 0xC8,
    write_dma = 0xCA,
    identify = 0xEC,
};

// 256 words that IDENTIFY DEVICE gives.
struct Identity {
    uint16_t unused_0[27];
    uint16_t model[20];         // two characters a word, the first in the upper byte
    uint16_t most_multiple;     // low byte: sectors per block at most
    uint16_t unused_48;
    uint16_t capabilities;
    uint16_t unused_50[10];
    uint16_t sectors[2];        // LBA28: low word, high word
    uint16_t unused_62[194];

    static constexpr uint16_t has_dma = 1 << 8, has_lba = 1 << 9;
};
static_assert(sizeof(Identity) == 512);

// Offsets from the channel's bus-master registers.
inline constexpr uint16_t master_command = 0, master_status = 2, master_table = 4;
inline constexpr uint8_t master_start = 0x01, master_to_memory = 0x08;
inline constexpr uint8_t master_active = 0x01, master_error = 0x02, master_interrupt = 0x04;  // the last two: cleared by ones

// One entry of the bus master's table: a piece of memory below 4 GiB that crosses no 64 KiB boundary, as no page does.
struct MemoryRegion {
    uint32_t address;
    uint16_t bytes;
    uint16_t flags;

    static constexpr uint16_t last = 0x8000;
};
static_assert(sizeof(MemoryRegion) == 8);

}  // namespace guest::ata
