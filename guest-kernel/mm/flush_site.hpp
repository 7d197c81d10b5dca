// SPDX-License-Identifier: LGPL-2.1-or-later
// Each place where this kernel flushes because an entry changed. A build for tests leaves one of them out (config.hpp), and
// zonescope must find it: doc/stale.md, 'Mutations'.
#pragma once

#include <stdint.h>

namespace guest {

enum class FlushSite : uint8_t {
    none,
    kmap_atomic,    // its slot's page, at each unmap
    fixmap,         // a device's slot
    kmap_wrap,      // the kmap pool begins anew
    vmalloc_purge,  // areas of vmalloc and ioremap become free to use
    unmap_page,     // Gather: one page or table of a process
    unmap_pages,    // Gather: many
    fork,           // the parent's pages became read-only
    protect,        // mprotect
    copy_on_write,
    send_page,      // by a message that shares it: the sender's becomes read-only
    swap_out,
    exit,           // not a flush of its own: the tables of a process that ends are no longer in CR3 when they are freed
};

}  // namespace guest
