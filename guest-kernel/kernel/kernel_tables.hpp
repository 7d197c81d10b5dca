// SPDX-License-Identifier: LGPL-2.1-or-later
// The kernel's own page tables: the direct map, and the mappings that kmap and vmalloc change.
#pragma once

#include "guest-kernel/kernel/table_memory.hpp"
#include "guest-kernel/mm/map.hpp"
#include "guest-kernel/mm/page_mapper.hpp"
#include "guest-kernel/mm/root.hpp"

namespace guest {

// At 4:4 each kernel entry drops the kernel's translations, so that global kernel pages would defeat its purpose.
inline constexpr mm::Permissions kernel_data{true, false, false, !layout.own_page_tables};
inline constexpr mm::Permissions kernel_memory{true, false, true, !layout.own_page_tables};

// A page mapper as mm/page_mapper.hpp wants it.
class KernelTables final {
public:
    explicit KernelTables(uint32_t cr3);

    [[nodiscard]] bool map(mm::VirtAddr at, mm::Pfn frame);
    [[nodiscard]] bool map_device(mm::VirtAddr at, mm::Pfn frame);  // uncached
    mm::Pfn unmap(mm::VirtAddr at);  // assumes that it is mapped
    void flush_page(FlushSite site, mm::VirtAddr at) {
        if (flushes(site)) flush_page(at);
    }
    void flush_all(FlushReason);      // which zonescope is told

    uint32_t cr3() const { return cr3_; }
    [[nodiscard]] mm::Walk<Format> find(mm::VirtAddr at) { return mapper_.find(at); }

    // Copies the kernel's directory entry for `at` into another root, if the kernel has it and the other lacks it: how
    // a process's tables learn of a table that vmalloc added after the process began (Linux: vmalloc_fault).
    [[nodiscard]] bool share_table(uint32_t other_cr3, mm::VirtAddr at);

private:
    void flush_page(mm::VirtAddr at);

    using Raw = Format::Raw;
    static constexpr unsigned window_count = (0u - static_cast<uint32_t>(layout.pkmap_base)) >> mm::directory_shift<Format>;

    // The table entry of an address in pkmap or fixmap, whose tables always exist.
    volatile Raw* window_entry(mm::VirtAddr at) const {
        const uint32_t table = (at.raw - static_cast<uint32_t>(layout.pkmap_base)) >> mm::directory_shift<Format>;
        return windows_[table] + mm::table_index<Format>(at);
    }
    static bool in_window(mm::VirtAddr at) { return at.raw >= layout.pkmap_base; }

    // An entry of a kernel page: kernel_data, as far as this machine supports it, encoded once.
    mm::Entry<Format> page_entry(mm::Pfn frame) const {
        return mm::Entry<Format>{static_cast<Raw>(mm::address(frame).raw | page_of_frame_0_.raw)};
    }

    uint32_t cr3_;
    mm::Permissions data_;
    mm::Entry<Format> page_of_frame_0_;
    Mapper<Format, ZoneTables> mapper_;
    volatile Raw* windows_[window_count] = {};
};

}  // namespace guest
