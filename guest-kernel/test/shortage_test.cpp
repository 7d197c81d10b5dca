// SPDX-License-Identifier: LGPL-2.1-or-later
// Programs that are started with too little memory, one page more each time: whichever allocation it is that fails, the
// failure is an error, and all that was taken comes back.
#include "guest-kernel/kernel/scheduler.hpp"
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/kernel/user_tables.hpp"
#include "guest-kernel/test/held_pages.hpp"
#include "guest-kernel/test/run.hpp"

namespace guest {
namespace {

constexpr unsigned kept_pages = 64;  // of each kind: more than a program needs
constexpr unsigned program_tables = layout.paging == mm::Paging::classic ? 8 : 12;  // enough, but with none left for its pages

void give(HeldPages& held, unsigned order) { zones().free(held.take_back(), order); }
void give_all(HeldPages& held) {
    while (!held.empty()) give(held, 0);
}

// While it lives no page is free, and watermarks and reserves keep nothing back: what is given is what can be had.
class NoFreePages final {
public:
    NoFreePages() {
        Limits* saved = saved_;
        for (Zone* zone : zones().populated()) {
            *saved++ = {zone->watermarks, zone->reserve[index_of(ZoneType::highmem)], zone->reserve[index_of(ZoneType::normal)]};
            set(*zone, {});
        }
        for (unsigned i = 0; i < 2; ++i) stack.hold(zones().allocate(gfp_kernel, 1).first);
        for (unsigned i = 0; i < kept_pages; ++i) {
            lowmem.hold(zones().allocate(gfp_kernel, 0).first);
            user.hold(zones().allocate(gfp_highuser, 0).first);
        }
        static_cast<void>(rest_.drain(gfp_highuser));
    }
    ~NoFreePages() {
        const Limits* saved = saved_;
        for (Zone* zone : zones().populated()) set(*zone, *saved++);
    }
    NoFreePages(const NoFreePages&) = delete;
    NoFreePages& operator=(const NoFreePages&) = delete;

    HeldPages stack, lowmem, user;  // to give: blocks of two pages, and single pages

private:
    struct Limits {
        Watermarks watermarks{};
        mm::Pages from_highmem{}, from_normal{};
    };
    static void set(Zone& zone, const Limits& limits) {
        zone.watermarks = limits.watermarks;
        zone.reserve[index_of(ZoneType::highmem)] = limits.from_highmem;
        zone.reserve[index_of(ZoneType::normal)] = limits.from_normal;
    }

    Limits saved_[max_zones];
    HeldPages rest_;
};

// Runs the program, which then needs memory for its own work too; whether it went well. Nothing may be missing afterwards.
bool runs(Check& check, const char* program) {
    const uint32_t before = zones().free_pages().raw;
    const int32_t status = run_to_end(program, 0);
    yield_current();  // a child that outlived it ends
    reap_orphans();
    check.equal(zones().free_pages().raw, before, "free pages after a program that lacked memory");
    check.that(status != killed_by(14), "no page that it may use is refused for another reason than memory");
    return status == 0;
}

// How many of the scarce pages the program needs.
uint32_t pages_needed(Check& check, HeldPages& scarce, const char* program) {
    for (uint32_t given = 0; given < kept_pages; ++given, give(scarce, 0))
        if (runs(check, program)) return given;
    check.that(false, "the program runs when there is enough memory");
    return 0;
}

void scarce_lowmem(Check& check) {
    NoFreePages memory;
    check.equal(zones().free_pages().raw, 0, "free pages at first");
    if (zones().present(ZoneType::highmem).raw != 0) give_all(memory.user);
    check.that(!runs(check, "test-buffers"), "no program starts without a kernel stack");
    give(memory.stack, 1);
    const uint32_t least = user_tables_in_highmem() ? 1 : 3;
    check.that(pages_needed(check, memory.lowmem, "test-buffers") >= least, "it needs a directory, and two lowmem tables at the least");
    check.that(zones().check(), "the zones are sound");
}

void scarce_user_pages(Check& check) {
    if (zones().present(ZoneType::highmem).raw == 0) return check.skip("user pages are lowmem here");
    NoFreePages memory;
    give(memory.stack, 1);
    for (unsigned table = 0; table < program_tables; ++table) give(memory.lowmem, 0);
    check.that(pages_needed(check, memory.user, "test-buffers") != 0, "it needs pages of its own");
    check.that(zones().check(), "the zones are sound");
}

// One that forks and one that becomes another: each needs a second stack or a second space. First lowmem is scarce, then,
// with just enough of that, are user pages.
void scarce_for_two(Check& check, const char* program, unsigned processes) {
    const bool highmem = zones().present(ZoneType::highmem).raw != 0;
    uint32_t tables = 0;
    {
        NoFreePages memory;
        if (highmem) give_all(memory.user);
        for (unsigned stacks = 0; stacks < processes; ++stacks) give(memory.stack, 1);
        tables = pages_needed(check, memory.lowmem, program);
        const uint32_t least = user_tables_in_highmem() ? 2 : 5;
        check.that(tables >= least, "it needs two directories, and three lowmem tables at the least");
    }
    if (highmem) {
        NoFreePages memory;
        for (unsigned stacks = 0; stacks < processes; ++stacks) give(memory.stack, 1);
        for (unsigned pages = 0; pages < tables; ++pages) give(memory.lowmem, 0);
        check.that(pages_needed(check, memory.user, program) != 0, "it needs pages of its own");
    }
    check.that(zones().check(), "the zones are sound");
}

void scarce_for_fork(Check& check) { scarce_for_two(check, "test-fork", 2); }
void scarce_for_exec(Check& check) { scarce_for_two(check, "test-exec-once", 1); }

void memory_is_back(Check& check) {
    check.equal(as_word(run_to_end("test-buffers", 0)), 0, "status of the program afterwards");
    for (const Zone* zone : zones().populated())
        if (zone->present().raw != 0) check.that(zone->watermarks.min.raw != 0, "the watermarks are back");
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"shortage: a program lacks lowmem for stack and tables", scarce_lowmem},
    {"shortage: a program lacks pages of its own", scarce_user_pages},
    {"shortage: a program that forks lacks memory", scarce_for_fork},
    {"shortage: a program that becomes another lacks memory", scarce_for_exec},
    {"shortage: everything works again", memory_is_back},
};

}  // namespace
}  // namespace guest
