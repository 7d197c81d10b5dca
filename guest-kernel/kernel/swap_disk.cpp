// SPDX-License-Identifier: LGPL-2.1-or-later
// Swap's requests to the disk.
#include "guest-kernel/kernel/swap_disk.hpp"

#include "guest-kernel/kernel/io/disk.hpp"

namespace guest {
namespace {

IoStatus transfer_blocks(Direction d, uint32_t slot, const mm::Pfn* frames, uint32_t count, bool may_sleep) {
    BlockRequest r;
    r.direction = d;
    r.polled = !may_sleep;
    r.block = probe_data_disk().label.swap_start + slot;
    r.pages = count;
    for (uint32_t i = 0; i < count; ++i) r.frames[i] = frames[i];
    return transfer(disk_by_dma(), r);
}

}  // namespace

uint32_t swap_area_blocks() {
    const DataDisk& disk = probe_data_disk();
    if (disk.missing || disk.dma.blocks < disk.label.blocks) return 0;
    return disk.label.blocks - disk.label.swap_start;
}

bool write_swap_blocks(uint32_t slot, const mm::Pfn* frames, uint32_t count, bool may_sleep) {
    return transfer_blocks(Direction::write, slot, frames, count, may_sleep) == IoStatus::done;
}

IoStatus read_swap_block(uint32_t slot, mm::Pfn frame, bool may_sleep) {
    return transfer_blocks(Direction::read, slot, &frame, 1, may_sleep);
}

}  // namespace guest
