// SPDX-License-Identifier: LGPL-2.1-or-later
// Where processes' tables come from, and how many there are.
#include "guest-kernel/kernel/user_tables.hpp"

#include "guest-kernel/kernel/publish.hpp"

namespace guest {
namespace {

bool in_highmem = false;
UserTablePages pages{};
uint32_t kmaps = 0;

uint32_t& count_of(mm::Pfn table) { return table < direct_map_end ? pages.lowmem : pages.highmem; }

}  // namespace

void put_user_tables_into_highmem(bool highmem) { in_highmem = highmem; }
bool user_tables_in_highmem() { return in_highmem; }
UserTablePages user_table_pages() { return pages; }

uint32_t user_table_kmaps() { return kmaps; }

bool UserDirectories::allocate_table(mm::Pfn& out) {
    if (!ZoneTables::allocate_table(out)) return false;
    ++pages.lowmem;
    return true;
}

void UserDirectories::free_table(mm::Pfn table) {
    --count_of(table);
    ZoneTables::free_table(table);
}

bool UserTables::allocate_table(mm::Pfn& out) {
    if (!in_highmem) return UserDirectories::allocate_table(out);
    if (!allocate_user_frame(out)) return false;
    ++count_of(out);
    publish_page_table(out, mm::protocol::PageTable::allocated);
    return true;
}

volatile UserTables::Raw* UserTables::Table::map(mm::Pfn table, KmapType slot) {
    ++kmaps;
    return reinterpret_cast<volatile Raw*>(kmap_atomic().map(table, slot).raw);
}

void UserTables::Table::unmap() { kmap_atomic().unmap(mm::VirtAddr{reinterpret_cast<uint32_t>(entries_)}, slot_); }

UserTables::Raw UserTables::load_from_highmem(mm::PhysAddr at) {
    return Table{mm::frame_of(at), KmapType::pte0}.load(static_cast<unsigned>(at.raw % mm::page_size / sizeof(Raw)));
}

}  // namespace guest
