// SPDX-License-Identifier: LGPL-2.1-or-later
// What the page tables of many processes take of lowmem, with and without highpte.
#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/ipc.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/user_tables.hpp"
#include "guest-kernel/workload/kernel_workloads.hpp"

namespace guest {
namespace {

constexpr uint32_t most_processes = 128, pages_each = 40;  // stack, directories, tables and pages of one, and room

uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

uint32_t free_lowmem() {
    return zones().free_pages().raw - zones().zone(ZoneType::highmem).buddy().free_pages().raw;
}

void print_measures(uint32_t processes, uint32_t lowmem_before, uint32_t kmaps_before) {
    const UserTablePages tables = user_table_pages();
    print("measure: fork-storm-processes ", processes, " processes\n");
    print("measure: fork-storm-tables-lowmem ", tables.lowmem, " pages\n");
    print("measure: fork-storm-tables-highmem ", tables.highmem, " pages\n");
    print("measure: fork-storm-kmaps ", user_table_kmaps() - kmaps_before, " maps\n");
    print("measure: fork-storm-lowmem ", lowmem_before - free_lowmem(), " pages\n");
}

}  // namespace

// The program forks and says with a token when all its children are there; they go when it gets one back.
bool fork_storm(Span span) {
    kmalloc().shrink();
    const uint32_t before = zones().free_pages().raw, lowmem_before = free_lowmem();
    const uint32_t processes = least(most_processes, least(before, lowmem_before) / 2 / pages_each);
    const uint32_t kmaps_before = user_table_kmaps();
    const int32_t program = spawn("fork-storm", Order{span, processes}.packed());
    if (program < 0) return print("fork-storm: no memory for the program\n"), false;
    take_token();
    print_measures(processes + 1, lowmem_before, kmaps_before);
    const bool good = post_token(program) == 0 && wait(program) == 0;
    const UserTablePages left = user_table_pages();
    kmalloc().shrink();
    return good && zones().free_pages().raw == before && left.lowmem == 0 && left.highmem == 0;
}

}  // namespace guest
