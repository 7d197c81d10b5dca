// SPDX-License-Identifier: LGPL-2.1-or-later
// seed=N steps=N [flush=always]: random page tables until so many steps are done.
#include "guest-kernel/arch/gdt.hpp"
#include "guest-kernel/kernel/console.hpp"
#include "tests/odd/command_words.hpp"
#include "tests/odd/fuzz.hpp"
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"
#include "tests/stale/publish.hpp"
#include "tests/stale/traps.hpp"

extern "C" void twins_main(const guest::MultibootInfo& info) {
    const uint32_t seed = odd::Word{info, "seed"}.number(), steps = odd::Word{info, "steps"}.number();
    const bool flush = odd::Word{info, "flush"}.is("always");
    guest::load_segments();
    twins::load_traps();
    twins::start_paging();
    twins::publish_machine("fuzz", guest::layout.paging == mm::Paging::pae ? "fuzz-pae.elf" : "fuzz-classic.elf");
    guest::print("fuzz: seed ", seed, ", ", steps, " steps", flush ? ", every change flushed\n" : "\n");
    odd::Random random{seed};
    odd::fuzz(random, steps, flush);
    guest::print("fuzz: ", twins::faults(), " faults\n");
    twins::end_run(steps == 0);
}
