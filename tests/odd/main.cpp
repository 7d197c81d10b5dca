// SPDX-License-Identifier: LGPL-2.1-or-later
// Does what the command line names: odd=NAME, or odd=all for everything that the guest survives.
#include "guest-kernel/arch/gdt.hpp"
#include "guest-kernel/kernel/console.hpp"
#include "tests/odd/command_words.hpp"
#include "tests/odd/odd.hpp"
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"
#include "tests/stale/publish.hpp"
#include "tests/stale/traps.hpp"

extern "C" const odd::Odd twins_start[], twins_end[];

namespace {

uint32_t run(const odd::Word& name) {
    uint32_t count = 0;
    for (const odd::Odd* o = twins_start; o != twins_end; ++o) {
        if (!name.is(o->name) && !(name.is("all") && o->end == odd::End::survives)) continue;
        const uint32_t before = twins::faults();
        guest::print("odd ", o->name, "\n");
        twins::reset();
        o->run();
        twins::reset();
        guest::print("odd ", o->name, ": ", twins::faults() - before, " faults\n");
        ++count;
    }
    return count;
}

}  // namespace

extern "C" void twins_main(const guest::MultibootInfo& info) {
    const odd::Word name{info, "odd"};
    guest::load_segments();
    twins::load_traps();
    twins::start_paging();
    twins::publish_machine("odd", guest::layout.paging == mm::Paging::pae ? "odd-pae.elf" : "odd-classic.elf");
    if (run(name) == 0) guest::print("nothing of that name; the command line needs odd=NAME or odd=all\n"), twins::end_run(1);
    twins::end_run(0);
}
