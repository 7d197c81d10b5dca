// SPDX-License-Identifier: LGPL-2.1-or-later
// Walks the kernel's tables as the processor would.
#include "guest-kernel/workload/table_census.hpp"

#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/memory.hpp"

namespace guest {
namespace {

constexpr uint32_t table_span = mm::large_page_size<Format>;

uint32_t entries_in_table(mm::VirtAddr start) {
    uint32_t count = 0;
    for (uint32_t offset = 0; offset < table_span; offset += mm::page_size)
        count += kernel_tables().find(start + offset).translation.mapped();
    return count;
}

}  // namespace

uint32_t present_entries() {
    uint32_t count = 0;
    mm::VirtAddr at{static_cast<uint32_t>(layout.kernel_base)};
    do {
        const mm::Walk<Format> w = kernel_tables().find(at);
        if (w.reads == 2) count += entries_in_table(at);
        else count += w.translation.mapped();
        at = at + table_span;
    } while (at.raw != 0);
    return count;
}

uint32_t physical_runs(mm::VirtAddr at, uint32_t bytes) {
    uint32_t runs = 0;
    mm::Pfn expected{};
    for (uint32_t offset = 0; offset < bytes; offset += mm::page_size) {
        const mm::Translation t = kernel_tables().find(at + offset).translation;
        if (!t.mapped()) return 0;
        if (offset == 0 || t.frame != expected) ++runs;
        expected = t.frame + mm::Pages{1};
    }
    return runs;
}

void print_new_entries(const char* name, uint32_t before) {
    print("measure: ", name, "-entries ", present_entries() - before, " entries\n");
}

void print_runs(const char* name, mm::VirtAddr at, uint32_t bytes) {
    print("measure: ", name, "-runs ", physical_runs(at, bytes), " runs\n");
}

}  // namespace guest
