// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs the registered tests and prints TAP 13.
#include "guest-kernel/kernel/tap.hpp"

#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/process.hpp"
#include "guest-kernel/kernel/timer.hpp"

extern "C" const guest::Test guest_tests_start[], guest_tests_end[];

namespace guest {

void Check::that(bool condition, const char* expectation) {
    if (condition) return;
    failed_ = true;
    print("# expected: ", expectation, "\n");
}

void Check::equal(uint32_t got, uint32_t wanted, const char* what) {
    if (got == wanted) return;
    failed_ = true;
    print("# ", what, ": got ", got, " (", Hex{got}, "), wanted ", wanted, " (", Hex{wanted}, ")\n");
}

uint32_t run_tests() {
    uint32_t number = 0, failures = 0;
    print("TAP version 13\n1..", static_cast<uint32_t>(guest_tests_end - guest_tests_start), "\n");
    for (const Test* t = guest_tests_start; t < guest_tests_end; ++t) {
        Check check;
        t->run(check);
        set_timer(0);
        reap_orphans();
        if (check.failed()) ++failures, print("not ");
        print("ok ", ++number, " - ", t->name);
        if (check.skipped()) print(" # SKIP ", check.skipped());
        print("\n");
    }
    return failures;
}

}  // namespace guest
