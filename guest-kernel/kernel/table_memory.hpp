// SPDX-License-Identifier: LGPL-2.1-or-later
// Page tables in lowmem, reached by the direct map: what Mapper and RootTables need. Two sources of frames: boot's, and
// the zones.
#pragma once

#include "guest-kernel/config.hpp"
#include "guest-kernel/kernel/direct_map.hpp"
#include "guest-kernel/mm/frame_ranges.hpp"

namespace guest {

struct LowmemTable {
    volatile Format::Raw* entries;
    Format::Raw load(unsigned index) const { return entries[index]; }
    void store(unsigned index, Format::Raw value) { entries[index] = value; }
};

struct LowmemEntries {
    using Raw = Format::Raw;
    using Table = LowmemTable;
    static Raw load(mm::PhysAddr at) { return *lowmem_pointer<const Raw>(at); }
    static void store(mm::PhysAddr at, Raw value) { *lowmem_pointer<volatile Raw>(at) = value; }
    static Table open_table(mm::Pfn table) { return {lowmem_pointer<volatile Raw>(table)}; }
    static Table open_second_table(mm::Pfn table) { return open_table(table); }
};

// While the kernel boots: frames that the first 16 MiB's boot mapping reaches. Nothing is ever freed.
struct BootTables : LowmemEntries {
    FrameRanges* unused;
    explicit BootTables(FrameRanges& u) : unused{&u} {}
    bool allocate_table(mm::Pfn& out) const;
    void free_table(mm::Pfn) const {}
};

struct ZoneTables : LowmemEntries {
    static bool allocate_table(mm::Pfn& out);
    static void free_table(mm::Pfn table);
};

}  // namespace guest
