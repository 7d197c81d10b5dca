// SPDX-License-Identifier: LGPL-2.1-or-later
// The first floppy drive, with a 1.44 MB disk that carries our label: the device that reaches 16 MiB. Looked for when
// somebody first wants it.
//
// A request is carried out in its submitter's time, who sleeps while the disk turns; others wait for their turn.
#pragma once

#include "guest-kernel/kernel/io/block.hpp"

namespace guest {

struct Floppy {
    BlockDevice device;   // blocks of 8 sectors
    const char* missing;  // why there is none, or null
};

const Floppy& probe_floppy();
BlockDevice& floppy_by_dma();

}  // namespace guest
