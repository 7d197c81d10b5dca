// SPDX-License-Identifier: LGPL-2.1-or-later
// Ring 3: traps, address spaces, pre-emption, messages, and that all memory comes back.
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/scheduler.hpp"
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/kernel/timer.hpp"
#include "guest-kernel/test/run.hpp"

namespace guest {
namespace {

// Mapped in every process's tables, and not for ring 3.
constexpr auto kernel_address =
    static_cast<uint32_t>(layout.own_page_tables ? layout.trampoline_base : layout.kernel_base + 0x400000);

void divide_error(Check& check) {
    check.equal(as_word(run_to_end("test-divide", 0)), as_word(killed_by(0)), "status of a division by 0");
    check.equal(as_word(run_to_end("test-divide", 5)), 20, "100 divided by 5");
}

void kernel_page(Check& check) {
    check.equal(as_word(run_to_end("test-touch", kernel_address)), as_word(killed_by(14)), "status after reading the kernel");
    check.equal(as_word(run_to_end("test-touch", 0)), as_word(killed_by(14)), "status after touching page 0");
    check.equal(as_word(run_to_end("test-touch", program_base)), 0, "status after touching its own page");
}

void privileged(Check& check) {
    check.equal(as_word(run_to_end("test-halt", 0)), as_word(killed_by(13)), "status after HLT");
    check.equal(as_word(run_to_end("test-port", 0x80)), as_word(killed_by(13)), "status after writing a port");
    check.equal(as_word(run_to_end("test-port", 0x5A58)), as_word(killed_by(13)), "status after writing the port behind ours");
    check.equal(as_word(run_to_end("test-port", 0x5A57)), 0, "status after writing the last permitted port");
}

void separate_spaces(Check& check) {
    int32_t ids[3];
    for (uint32_t i = 0; i < 3; ++i) ids[i] = spawn("test-word", i + 1);
    for (int32_t id : ids) check.equal(as_word(wait(id)), 0, "status of a process that watches its word");
}

// Two that never give way, pre-empted while they spin; whether both had turns before either ended.
bool take_turns(Check& check, uint32_t iterations) {
    const uint32_t switches = switch_count(), ticks = timer_ticks();
    set_timer(2000);
    const int32_t a = spawn("test-spin", iterations), b = spawn("test-spin", iterations);
    check.equal(as_word(wait(a)), 0, "status of the first");
    check.equal(as_word(wait(b)), 0, "status of the second");
    set_timer(0);
    return timer_ticks() > ticks && switch_count() > switches + 4;
}

// QEMU's timer runs in the host's time: on a busy host it takes longer until enough interrupts have come.
void preemption(Check& check) {
    uint32_t iterations = 2000000;
    bool turns = take_turns(check, iterations);
    for (int round = 0; !turns && round < 4; ++round) turns = take_turns(check, iterations *= 4);
    check.that(turns, "the timer made them take turns");
}

void timer_is_masked(Check& check) {
    const uint32_t ticks = timer_ticks();
    check.equal(as_word(run_to_end("test-spin", 200000)), 0, "status");
    check.equal(timer_ticks(), ticks, "timer interrupts");
}

void messages(Check& check) { check.equal(as_word(run_to_end("test-client", 0)), 0, "failed check of the client"); }

void tokens(Check& check) { check.equal(as_word(run_to_end("test-tokens", 0)), 0, "status of the program that passes tokens"); }

void bad_pointers(Check& check) { check.equal(as_word(run_to_end("test-pointers", kernel_address)), 0, "failed check"); }
void buffers(Check& check) { check.equal(as_word(run_to_end("test-buffers", 0)), 0, "failed check"); }
void calls(Check& check) { check.equal(as_word(run_to_end("test-calls", 0)), 0, "failed check"); }

void regions(Check& check) {
    check.equal(as_word(run_to_end("test-regions", 0)), as_word(killed_by(14)), "failed check, or the fault that ends it");
}

void memory_comes_back(Check& check) {
    static_cast<void>(run_to_end("test-buffers", 0));
    const mm::Pages before = zones().free_pages();
    static_cast<void>(run_to_end("test-buffers", 0));
    static_cast<void>(run_to_end("test-client", 0));
    static_cast<void>(run_to_end("test-touch", 0));
    reap_orphans();
    check.equal(zones().free_pages().raw, before.raw, "free pages after processes came and went");
    check.that(zones().check(), "the zones are sound");
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"trap: a divide error ends only its process", divide_error},
    {"trap: kernel pages are out of reach", kernel_page},
    {"trap: privileged instructions and ports", privileged},
    {"process: address spaces are separate", separate_spaces},
    {"process: the timer pre-empts", preemption},
    {"process: the timer is masked otherwise", timer_is_masked},
    {"ipc: call, reply, and a server that ends", messages},
    {"ipc: tokens", tokens},
    {"call: bad pointers are errors", bad_pointers},
    {"call: buffers in both kinds of memory", buffers},
    {"call: wrong arguments are errors", calls},
    {"call: map and unmap regions", regions},
    {"process: all memory comes back", memory_comes_back},
};

}  // namespace
}  // namespace guest
