// SPDX-License-Identifier: LGPL-2.1-or-later
// The data disk: the first ATA disk that carries our label (media_label.hpp). Looked for when somebody first wants it, so
// that a kernel that does no I/O touches no controller.
#pragma once

#include "guest-kernel/kernel/io/block.hpp"
#include "guest-kernel/kernel/io/media_label.hpp"

namespace guest {

struct DataDisk {
    BlockDevice dma, pio;        // two ways to the same drive; `dma` has no blocks if there is no bus master
    MediaLabel label;
    const char* missing;         // why there is no disk, or null
    unsigned line;               // of its interrupt
};

const DataDisk& probe_data_disk();

BlockDevice& disk_by_dma();
BlockDevice& disk_by_pio();
uint32_t pio_kmaps();            // so far, for pages that the direct map does not reach

}  // namespace guest
