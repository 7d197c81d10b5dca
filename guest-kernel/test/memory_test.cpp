// SPDX-License-Identifier: LGPL-2.1-or-later
// Address spaces: what ring 3 does with its memory, and what the page tables look like meanwhile.
#include "guest-kernel/kernel/ipc.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/scheduler.hpp"
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/kernel/user_tables.hpp"
#include "guest-kernel/test/run.hpp"

namespace guest {
namespace {

constexpr uint32_t killed = static_cast<uint32_t>(killed_by(14));

uint32_t run(const char* program, uint32_t argument = 0) { return as_word(run_to_end(program, argument)); }

void copy_on_write(Check& check) {
    check.equal(run("test-fork"), 0, "failed check of parent or child");
    check.equal(run("test-fork-deep", 6), 6, "generations below the first");
}

void exec_replaces(Check& check) {
    check.equal(run("test-exec", 5), 20, "what the program became returns 100 / 5");
    check.equal(run("test-exec", 0), as_word(killed_by(0)), "status of a division by 0 after exec");
}

void heap(Check& check) { check.equal(run("test-break"), killed, "failed check, or the fault that ends it"); }

void permissions(Check& check) {
    check.equal(run("test-read-only", 0), 0, "failed check");
    check.equal(run("test-read-only", 1), killed, "status after writing a read-only page");
    check.equal(run("test-constant"), killed, "status after writing its own text");
}

void execution(Check& check) {
    const uint32_t of_data = no_execute_enabled() ? killed : 0;
    check.equal(run("test-run-data", 0), of_data, "status after running data: a fault where entries have the NX bit");
    check.equal(run("test-run-data", 1), of_data, "status after running the stack");
    check.equal(run("test-run-data", 2), 0, "status after running data that was made executable");
}

void regions_grow(Check& check) { check.equal(run("test-many", 300), 0, "failed check"); }

// Touches the first and the last page of a region of `pages` pages; whether all went well.
bool touch_ends(AddressSpace& space, uint32_t pages, uint32_t& start) {
    if (space.add_region(pages * mm::page_size, start) != RegionStatus::done) return false;
    const mm::VirtAddr ends[] = {mm::VirtAddr{start}, mm::VirtAddr{start + (pages - 1) * mm::page_size}};
    for (mm::VirtAddr at : ends)
        if (space.resolve(at, mm::AccessKind::write, false) != FaultStatus::resolved) return false;
    return true;
}

void tables_go(Check& check) {
    constexpr uint32_t span = mm::entries_per_table<Format>;
    AddressSpace space;
    check.that(space.create(), "there is memory");
    uint32_t first, second;
    check.that(touch_ends(space, 2, first), "two pages of one table");
    const uint32_t free = zones().free_pages().raw;
    check.that(touch_ends(space, 3 * span, second), "the first in the same table, and one far behind");
    check.equal(free - zones().free_pages().raw, 2 + 1, "frames taken: two pages, and a table for the last one");
    const uint32_t rest = second + mm::page_size;
    check.that(space.remove_region(rest, (3 * span - 1) * mm::page_size) == RegionStatus::done, "all but a page");
    check.that(space.remove_region(second, mm::page_size) == RegionStatus::done, "and that");
    check.equal(free, zones().free_pages().raw, "free pages afterwards: the tables are free again");
    check.equal(space.resident(), 2, "pages left");
    space.destroy();
}

// Frame and permission behind an address of a process; no_frame if nothing is mapped.
uint32_t frame_at(int32_t process, uint32_t at, mm::AccessKind kind) {
    mm::Pfn frame;
    Process* const p = find_process(process);
    return p && p->space->frame_of(mm::VirtAddr{at}, frame, kind) ? frame.raw : no_frame;
}

void shared_text(Check& check) {
    const int32_t a = spawn("test-server", 1), b = spawn("test-server", 1);
    const uint32_t text = frame_at(a, program_base, mm::AccessKind::read);
    check.that(text != no_frame && text == frame_at(b, program_base, mm::AccessKind::read), "both run the same page of text");
    check.equal(frame_at(a, program_base, mm::AccessKind::write), no_frame, "which neither may write");
    check.that(zones().frames()[mm::Pfn{text}].users >= 3, "the file is a user of it, too");
    const int32_t servers[] = {a, b};
    for (int32_t server : servers) {
        yield_current();  // it waits for a call
        static_cast<void>(ipc_call(server, 0));
        check.equal(as_word(wait(server)), 0, "status of the server");
    }
}

// highpte, whether or not the command line has it.
void tables_in_highmem(Check& check) {
    if (zones().zone(ZoneType::highmem).present().raw == 0) return check.skip("no HIGHMEM with this split and memory size");
    const bool before = user_tables_in_highmem();
    const UserTablePages pages = user_table_pages();
    put_user_tables_into_highmem(true);
    {
        AddressSpace space, child;
        uint32_t start;
        mm::Pfn frame;
        check.that(space.create() && touch_ends(space, 2, start), "two pages of one table");
        check.equal(user_table_pages().highmem - pages.highmem, 1, "tables in HIGHMEM");
        check.that(space.frame_of(mm::VirtAddr{start + mm::page_size}, frame), "the second page is found");
        check.that(child.fork(space), "a fork opens two tables at a time");
        check.equal(user_table_pages().highmem - pages.highmem, 2, "tables in HIGHMEM");
        check.equal(zones().frames()[frame].users, 2, "users of the second page");
        child.destroy();
        space.destroy();
    }
    copy_on_write(check);
    heap(check);
    regions_grow(check);
    put_user_tables_into_highmem(before);
    check.equal(user_table_pages().highmem, pages.highmem, "tables in HIGHMEM afterwards");
    check.equal(user_table_pages().lowmem, pages.lowmem, "tables in lowmem afterwards");
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"memory: fork copies on write", copy_on_write},
    {"memory: exec replaces a program or leaves it", exec_replaces},
    {"memory: the break", heap},
    {"memory: read-only pages", permissions},
    {"memory: data is not executable with PAE", execution},
    {"memory: regions have no fixed limit", regions_grow},
    {"memory: processes share a program's text", shared_text},
    {"memory: page tables in HIGHMEM", tables_in_highmem},
    {"memory: page tables go with the last region", tables_go},
};

}  // namespace
}  // namespace guest
