// SPDX-License-Identifier: LGPL-2.1-or-later
// The floppy as a block device.
#include "guest-kernel/kernel/io/floppy.hpp"

#include "guest-kernel/arch/port.hpp"
#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/io/bounce.hpp"
#include "guest-kernel/kernel/io/floppy_controller.hpp"
#include "guest-kernel/kernel/io/media_label.hpp"
#include "guest-kernel/kernel/memory.hpp"

namespace guest {
namespace {

FloppyController controller;
Floppy floppy{{}, nullptr};
bool probed = false, busy = false;
WaitQueue turn;

// Drive types are nibbles of a byte in the clock's memory (IBM PC/AT Technical Reference: CMOS RAM, address 10h).
bool has_drive() {
    constexpr uint16_t index = 0x70, data = 0x71;
    constexpr uint8_t drive_types = 0x10, type_1440k = 4;
    out8(index, drive_types);
    return in8(data) >> 4 == type_1440k;
}

// A page's sectors, in one command, or two where a cylinder ends.
bool move_page(Direction direction, uint32_t block, mm::Pfn frame) {
    const uint32_t end = (block + 1) * sectors_per_page;
    for (uint32_t sector = block * sectors_per_page, count; sector < end; sector += count) {
        const uint32_t left = FloppyPlace::sectors_per_cylinder - sector % FloppyPlace::sectors_per_cylinder;
        count = left < end - sector ? left : end - sector;
        const uint32_t offset = (sector - block * sectors_per_page) * 512;
        if (!controller.transfer(direction, sector, count, mm::PhysAddr{mm::address(frame).raw + offset})) return false;
    }
    return true;
}

void start(BlockDevice&, BlockRequest& r) {
    while (busy) sleep(turn);
    busy = true;
    bool good = true;
    for (uint32_t i = 0; good && i < r.pages; ++i) good = move_page(r.direction, r.block + i, r.targets[i]);
    busy = false;
    wake_one(turn);
    complete(r, good ? IoStatus::done : IoStatus::device_error);
}

bool read_label() {
    const Allocation page = zones().allocate(gfp_dma, 0);
    if (!page) return false;
    const bool good = transfer_page(floppy.device, Direction::read, 0, page.first) == IoStatus::done;
    const MediaLabel label = *lowmem_pointer<MediaLabel>(mm::address(page.first));
    zones().free(page.first, 0);
    return good && label.valid() && label.block_bytes == floppy_label.block_bytes && label.blocks == floppy_label.blocks;
}

const char* find() {
    if (!has_drive()) return "no floppy drive of 1.44 MB";
    if (!controller.start()) return "the floppy controller does not answer";
    floppy.device = {"floppy by ISA DMA", floppy_label.blocks / sectors_per_page, isa_reach, start, nullptr, nullptr};
    if (!read_label()) return "no floppy of zonescope's is in the drive";
    print("Floppy drive(s): fd0 is 1.44M\n");
    return nullptr;
}

}  // namespace

const Floppy& probe_floppy() {
    if (probed) return floppy;
    probed = true;
    floppy.missing = find();
    if (floppy.missing) floppy.device.blocks = 0;
    return floppy;
}

BlockDevice& floppy_by_dma() { return floppy.device; }

}  // namespace guest
