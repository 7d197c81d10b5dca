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

// Atomic kmaps of tables since boot.
inline uint32_t user_table_kmaps = 0;

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
        Table(mm::Pfn table, KmapType slot) : slot_{slot}, at_{kmap_atomic().map(table, slot)} {
            if (table >= direct_map_end) ++user_table_kmaps;
        }
        ~Table() { kmap_atomic().unmap(at_, slot_); }
        Table(const Table&) = delete;
        Table& operator=(const Table&) = delete;

        Raw load(unsigned index) const { return entries()[index]; }
        void store(unsigned index, Raw value) { entries()[index] = value; }

    private:
        volatile Raw* entries() const { return reinterpret_cast<volatile Raw*>(at_.raw); }

        KmapType slot_;
        mm::VirtAddr at_;
    };

    static Raw load(mm::PhysAddr at);
    static void store(mm::PhysAddr at, Raw value) { LowmemEntries::store(at, value); }
    static bool allocate_table(mm::Pfn& out);
    static void free_table(mm::Pfn table) { UserDirectories::free_table(table); }
    static Table open_table(mm::Pfn table) { return {table, KmapType::pte0}; }
    static Table open_second_table(mm::Pfn table) { return {table, KmapType::pte1}; }
};

}  // namespace guest
