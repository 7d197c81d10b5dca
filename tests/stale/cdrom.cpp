// SPDX-License-Identifier: LGPL-2.1-or-later
// READ(10) by PACKET with DMA (ATA/ATAPI-4, 8.23; SFF-8020i, 10.8.9; the bus master: Intel 82371SB datasheet, 2.7). Polled.
#include "tests/stale/cdrom.hpp"

#include "guest-kernel/kernel/io/ata.hpp"
#include "guest-kernel/kernel/io/pci.hpp"

namespace twins {
namespace {

namespace ata = guest::ata;
using guest::in8, guest::out8;

constexpr uint16_t channel = 0x1F0, features = 1;
constexpr uint8_t master_drive = 0xA0, packet_command = 0xA0, packet_by_dma = 1, read_10 = 0x28;
constexpr uint8_t table_sector = 8;           // in the part of an ISO 9660 image that the format leaves unused
constexpr uint16_t sector_bytes = 2048;
alignas(4) ata::MemoryRegion region;

constexpr uint16_t port(uint16_t offset) { return static_cast<uint16_t>(channel + offset); }

void wait_until(uint8_t bits, uint8_t value) {
    while ((in8(port(ata::status)) & bits) != value) {}
}

uint16_t bus_master() {
    const guest::Maybe<guest::PciFunction> ide = guest::find_pci(guest::pci_ide);
    const uint32_t command = guest::pci_read(*ide, guest::PciRegister::command) & 0xFFFF;
    guest::pci_write(*ide, guest::PciRegister::command, command | guest::pci_io_space | guest::pci_bus_master);
    return static_cast<uint16_t>(guest::pci_read(*ide, guest::PciRegister::bar4) & ~uint32_t{0xF});
}

}  // namespace

void read_cd_table(mm::Pfn to) {
    const auto master = bus_master();
    const auto master_port = [=](uint16_t offset) { return static_cast<uint16_t>(master + offset); };
    region = {static_cast<uint32_t>(mm::address(to).raw), sector_bytes, ata::MemoryRegion::last};
    guest::out32(master_port(ata::master_table), reinterpret_cast<uint32_t>(&region));
    out8(master_port(ata::master_status), ata::master_error | ata::master_interrupt);
    out8(master_port(ata::master_command), ata::master_to_memory);

    out8(port(ata::device), master_drive);
    wait_until(ata::status_busy, 0);
    out8(port(features), packet_by_dma);
    out8(port(ata::command), packet_command);
    wait_until(ata::status_busy | ata::status_data_request, ata::status_data_request);
    const uint8_t packet[12] = {read_10, 0, 0, 0, 0, table_sector, 0, 0, 1};
    guest::out_words(port(ata::data), packet, sizeof packet / 2);
    out8(master_port(ata::master_command), ata::master_to_memory | ata::master_start);
    while ((in8(master_port(ata::master_status)) & ata::master_interrupt) == 0) {}
    out8(master_port(ata::master_command), 0);
    wait_until(ata::status_busy, 0);
}

}  // namespace twins
