// SPDX-License-Identifier: LGPL-2.1-or-later
// What a process's tables hold of the kernel: everything but hidden, or at 4:4 nothing but the trampoline.
#include "guest-kernel/arch/cr.hpp"
#include "guest-kernel/kernel/ipc.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/scheduler.hpp"
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/test/run.hpp"

namespace guest {
namespace {

// Counts the directory entries in use from `start` to `end` in a fresh process's tables.
uint32_t entries_used(const AddressSpace& space, uint64_t start, uint64_t end) {
    Mapper<Format, UserTables> tables{RootTables<Format>::root(UserDirectories{}, space.cr3()), UserTables{}};
    uint32_t used = 0;
    for (uint64_t at = start; at < end; at += mm::large_page_size<Format>)
        if (tables.find(mm::VirtAddr{static_cast<uint32_t>(at)}).pde.present()) ++used;
    return used;
}

void own_tables(Check& check) {
    if (!layout.own_page_tables) return check.skip("this split shares the kernel's tables");
    AddressSpace space;
    check.that(space.create(), "there is memory");
    check.equal(entries_used(space, 0, layout.trampoline_base & ~uint64_t{mm::large_page_size<Format> - 1}), 0,
                "directory entries below the trampoline's");
    check.equal(entries_used(space, layout.trampoline_base, mm::address_space_bytes), 1, "the trampoline's directory entries");
    Mapper<Format, UserTables> tables{RootTables<Format>::root(UserDirectories{}, space.cr3()), UserTables{}};
    const mm::Translation t = tables.find(mm::VirtAddr{static_cast<uint32_t>(layout.trampoline_base)}).translation;
    check.that(t.mapped() && t.permissions.global && !t.permissions.user, "the trampoline is global and hidden from ring 3");
    check.that(!t.permissions.write, "its code is read-only");
    check.that(!tables.find(mm::VirtAddr{static_cast<uint32_t>(layout.fixmap_base)}).translation.mapped(), "no fixmap");
    static_cast<void>(run_to_end("test-touch", program_base));
    check.equal(read_cr3(), kernel_tables().cr3(), "CR3 in the kernel, after a process ran");
    space.destroy();
}

void shared_tables(Check& check) {
    if (layout.own_page_tables) return check.skip("this split has tables of its own");
    AddressSpace space;
    check.that(space.create(), "there is memory");
    check.equal(entries_used(space, 0, layout.kernel_base), 0, "directory entries of the user part");
    Mapper<Format, UserTables> tables{RootTables<Format>::root(UserDirectories{}, space.cr3()), UserTables{}};
    for (uint64_t at = layout.kernel_base; at < layout.vmalloc_end; at += 64 * mm::mebibyte) {
        const mm::VirtAddr linear{static_cast<uint32_t>(at)};
        check.that(tables.find(linear).pde == kernel_tables().find(linear).pde, "the kernel part is the kernel's own");
    }
    space.destroy();
}

// The kernel runs on the tables of the process that it came from: they must learn of vmalloc's new page tables.
void late_vmalloc(Check& check) {
    constexpr uint32_t bytes = 3 * mm::large_page_size<Format>;  // more than one table serves
    if (zones().free_pages() < mm::pages_for(2 * bytes)) return check.skip("too little memory");
    const int32_t server = spawn("test-server", 1);
    yield_current();  // it waits for a call; its tables stay loaded
    check.that((read_cr3() == kernel_tables().cr3()) == layout.own_page_tables, "the kernel runs on the process's tables");
    const Maybe<mm::VirtAddr> area = vmalloc().allocate(bytes);
    check.that(static_cast<bool>(area), "vmalloc finds room");
    if (!area) return;
    auto* const words = reinterpret_cast<volatile uint32_t*>((*area).raw);
    for (uint32_t i = 0; i < bytes / 4; i += 1024) words[i] = i;
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < bytes / 4; i += 1024) wrong += words[i] != i;
    check.equal(wrong, 0, "pages that lost their word");
    vmalloc().free(*area);
    static_cast<void>(ipc_call(server, 0));
    check.equal(as_word(wait(server)), 0, "status of the process");
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"4:4: user tables hold nothing of the kernel but the trampoline", own_tables},
    {"shared tables: every process has the kernel's entries", shared_tables},
    {"shared tables: processes learn of vmalloc's tables", late_vmalloc},
};

}  // namespace
}  // namespace guest
