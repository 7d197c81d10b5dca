// SPDX-License-Identifier: LGPL-2.1-or-later
// A process's memory on this machine: mm/space.hpp with the kernel's zones, tables and TLB.
//
//   3:1, 2:2, 1:3   user part: own tables     kernel part: entries copied from the kernel's directory
//   4:4             user part: own tables     trampoline only: one table, shared by all processes
#pragma once

#include "guest-kernel/kernel/no_execute.hpp"
#include "guest-kernel/kernel/user_tables.hpp"
#include "guest-kernel/mm/space.hpp"

namespace guest {

struct UserMachine {
    using Format = guest::Format;
    using Tables = UserTables;

    static constexpr auto user_start = static_cast<uint32_t>(layout.user_start);
    static constexpr auto user_end = static_cast<uint32_t>(layout.user_end);
    // Linux' TASK_UNMAPPED_BASE, but in all splits at the same place modulo 4 MiB: which TLB sets a mapping falls into
    // must not depend on the split.
    static constexpr auto mmap_base = static_cast<uint32_t>(mm::align_down(layout.user_end / 3, 4 * mm::mebibyte));

    static Tables tables() { return {}; }
    static bool create_root(uint32_t& cr3);
    static void destroy_root(uint32_t cr3);
    static void free_table(mm::Pfn table) { Tables::free_table(table); }

    static bool zeroed_frame(mm::Pfn& out);
    static bool copied_frame(mm::Pfn from, mm::Pfn& out);
    static bool empty_frame(mm::Pfn& out);
    static FaultStatus read_swapped(SwapEntry e, mm::Pfn frame);
    static void share_swapped(SwapEntry e);
    static void release_swapped(SwapEntry e);
    static void share(mm::Pfn frame);
    static void release(mm::Pfn frame);
    static uint32_t users(mm::Pfn frame);

    static void flush_page(FlushSite site, uint32_t cr3, mm::VirtAddr at) {
        if (flushes(site)) flush_page(cr3, at);
    }
    static void flush_space(FlushSite site, uint32_t cr3) {
        if (flushes(site)) flush_space(cr3);
    }
    static bool no_execute() { return layout.paging == mm::Paging::pae && no_execute_enabled(); }

private:
    static void flush_page(uint32_t cr3, mm::VirtAddr at);
    static void flush_space(uint32_t cr3);
};

class AddressSpace final : public Space<UserMachine> {
public:
    AddressSpace();
    static constexpr uint32_t first_mapping() { return UserMachine::mmap_base; }
};

extern template class Space<UserMachine>;

}  // namespace guest
