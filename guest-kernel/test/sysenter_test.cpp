// SPDX-License-Identifier: LGPL-2.1-or-later
// SYSENTER, where the processor has it: another way to the same calls.
#include "guest-kernel/arch/cpuid.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/test/run.hpp"

namespace guest {
namespace {

void run_or_skip(Check& check, const char* program) {
    if (!cpu_has(Feature::sep)) return check.skip("this processor has no sysenter, or nosep turned it off");
    const uint32_t before = zones().free_pages().raw;
    check.equal(as_word(run_to_end(program, 0)), 0, "failed check");
    check.equal(zones().free_pages().raw, before, "free pages");
}

void same_calls(Check& check) { run_or_skip(check, "test-fast-calls"); }
void strange_flags(Check& check) { run_or_skip(check, "test-fast-flags"); }

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"sysenter: the calls answer as by int 0x80", same_calls},
    {"sysenter: the program's flags stay outside", strange_flags},
};

}  // namespace
}  // namespace guest
