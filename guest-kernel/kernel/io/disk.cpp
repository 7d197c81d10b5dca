// SPDX-License-Identifier: LGPL-2.1-or-later
// Finds the IDE controller, its drives, and the one among them that is ours.
#include "guest-kernel/kernel/io/disk.hpp"

#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/io/bounce.hpp"
#include "guest-kernel/kernel/io/ide_channel.hpp"
#include "guest-kernel/kernel/io/pci.hpp"
#include "guest-kernel/kernel/memory.hpp"

namespace guest {
namespace {

IdeChannel channels[] = {IdeChannel{ide_channels[0]}, IdeChannel{ide_channels[1]}};
DrivePath dma_path{}, pio_path{};
DataDisk disk{{}, {}, {}, nullptr, 0};
bool probed = false;

constexpr Drive drives[] = {Drive::master, Drive::slave};
constexpr uint16_t master_ports = 8;  // of each channel, one after the other

void start(BlockDevice& d, BlockRequest& r) { static_cast<DrivePath*>(d.driver)->channel->queue(r); }
void service(BlockDevice& d) { static_cast<DrivePath*>(d.driver)->channel->service(); }

BlockDevice device(const char* name, DrivePath& path, uint32_t blocks, mm::Pfn reach) {
    return {name, blocks, reach, start, service, &path};
}

// The model as Linux prints it: trailing blanks left out.
void print_model(const ata::Identity& id) {
    char text[41] = {};
    unsigned length = 0;
    for (unsigned i = 0; i < 40; ++i) {
        text[i] = static_cast<char>(i % 2 == 0 ? id.model[i / 2] >> 8 : id.model[i / 2] & 0xFF);
        if (text[i] != ' ') length = i + 1;
    }
    text[length] = '\0';
    print(static_cast<const char*>(text));
}

// Block 0, before interrupts are needed for anything.
bool read_label(MediaLabel& out) {
    const Allocation page = zones().allocate(gfp_kernel, 0);
    if (!page) return false;
    BlockRequest r;
    r.polled = true;
    r.pages = 1;
    r.frames[0] = page.first;
    const bool good = transfer(disk.pio, r) == IoStatus::done;
    if (good) out = *lowmem_pointer<MediaLabel>(mm::address(page.first));
    zones().free(page.first, 0);
    return good && out.valid() && out.block_bytes == mm::page_size && out.blocks <= disk.pio.blocks;
}

bool try_drive(unsigned channel, Drive drive) {
    ata::Identity id{};
    if (!channels[channel].identify(drive, id)) return false;
    const uint32_t sectors = uint32_t{id.sectors[1]} << 16 | id.sectors[0], blocks = sectors / sectors_per_page;
    channels[channel].connect();
    disk.line = ide_channels[channel].line;
    pio_path = {&channels[channel], drive, false};
    dma_path = {&channels[channel], drive, true};
    disk.pio = device("disk by PIO", pio_path, blocks, processor_reach);
    const bool dma = channels[channel].has_bus_master() && (id.capabilities & ata::Identity::has_dma) != 0;
    disk.dma = device("disk by DMA", dma_path, dma ? blocks : 0, pci_reach);
    if (!read_label(disk.label)) return false;
    print("hd");
    put(static_cast<char>('a' + 2 * channel + (drive == Drive::slave ? 1 : 0)));
    print(": ");
    print_model(id);
    print(", ATA DISK drive, ", sectors / 2048, " MB", dma ? ", DMA\n" : "\n");
    return true;
}

void find_bus_master() {
    const Maybe<PciFunction> ide = find_pci(pci_ide);
    if (!ide) return;
    const uint32_t bar = pci_read(*ide, PciRegister::bar4), ports = bar & ~uint32_t{0xF};
    if (!(bar & 1) || ports == 0 || ports > 0xFFF0) return;
    const uint32_t command = pci_read(*ide, PciRegister::command) & 0xFFFF;
    pci_write(*ide, PciRegister::command, command | pci_io_space | pci_bus_master);
    channels[0].set_bus_master(static_cast<uint16_t>(ports));
    channels[1].set_bus_master(static_cast<uint16_t>(ports + master_ports));
}

}  // namespace

const DataDisk& probe_data_disk() {
    if (probed) return disk;
    probed = true;
    find_bus_master();
    for (unsigned channel = 0; channel < 2; ++channel)
        for (const Drive drive : drives)
            if (try_drive(channel, drive)) return disk;
    disk.missing = "no disk of zonescope's is attached";
    disk.dma.blocks = disk.pio.blocks = 0;
    return disk;
}

BlockDevice& disk_by_dma() { return disk.dma; }
BlockDevice& disk_by_pio() { return disk.pio; }
uint32_t pio_kmaps() { return channels[0].kmaps() + channels[1].kmaps(); }

}  // namespace guest
