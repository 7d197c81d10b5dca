// SPDX-License-Identifier: LGPL-2.1-or-later
// Processes' page tables. Directories are lowmem always; tables are, unless `highpte` on the command line puts them into
// HIGHMEM: then each run of edits maps its table by an atomic kmap (Linux: CONFIG_HIGHPTE, KM_PTE0 and KM_PTE1).
#pragma once

#include "guest-kernel/kernel/memory.hpp"

namespace guest {

// Where the tables that are allocated from now on lie.
void put_user_tables_into_highmem(bool highmem);
bool user_tables_in_highmem();

struct UserTablePages {
    uint32_t lowmem, highmem;  // directories count as lowmem tables
};
UserTablePages user_table_pages();

uint32_t user_table_kmaps();  // atomic kmaps of tables since boot

// Frames for directories, and all that RootTables needs. They are counted.
struct UserDirectories : LowmemEntries {
    static bool allocate_table(mm::Pfn& out);
    static void free_table(mm::Pfn table);
};

// What Mapper needs (mm/map.hpp).
struct UserTables {
    using Raw = Format::Raw;

    class Table final {
    public:
        Table(mm::Pfn table, KmapType slot)
            : slot_{slot}, entries_{table < direct_map_end ? lowmem_pointer<volatile Raw>(table) : map(table, slot)} {}
        ~Table() {
            if (reinterpret_cast<uint32_t>(entries_) >= layout.fixmap_base) unmap();
        }
        Table(const Table&) = delete;
        Table& operator=(const Table&) = delete;

        Raw load(unsigned index) const { return entries_[index]; }
        void store(unsigned index, Raw value) { entries_[index] = value; }

    private:
        // Of a table in HIGHMEM.
        static volatile Raw* map(mm::Pfn table, KmapType slot);
        void unmap();

        KmapType slot_;
        volatile Raw* entries_;
    };

    static Raw load(mm::PhysAddr at) {
        return mm::frame_of(at) < direct_map_end ? LowmemEntries::load(at) : load_from_highmem(at);
    }
    static void store(mm::PhysAddr at, Raw value) { LowmemEntries::store(at, value); }
    static bool allocate_table(mm::Pfn& out);
    static void free_table(mm::Pfn table) { UserDirectories::free_table(table); }
    static Table open_table(mm::Pfn table) { return {table, KmapType::pte0}; }
    static Table open_second_table(mm::Pfn table) { return {table, KmapType::pte1}; }

private:
    static Raw load_from_highmem(mm::PhysAddr at);
};

}  // namespace guest
