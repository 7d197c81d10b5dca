// SPDX-License-Identifier: LGPL-2.1-or-later
// Tests that run inside the booted kernel and report in TAP on the console. A test registers itself:
//
//   [[gnu::section(".guest_tests"), gnu::used]] const Test lowmem_is_large{"lowmem has 4 MiB pages", [](Check& check) {
//       check.that(..., "what should have been true");
//   }};
#pragma once

#include <stdint.h>

namespace guest {

// One test's verdict. Every expectation that fails prints a diagnostic line; the test goes on.
class Check {
public:
    void that(bool condition, const char* expectation);
    void equal(uint32_t got, uint32_t wanted, const char* what);
    void skip(const char* why) { skipped_ = why; }

    bool failed() const { return failed_; }
    const char* skipped() const { return skipped_; }

private:
    bool failed_ = false;
    const char* skipped_ = nullptr;
};

struct Test {
    const char* name;
    void (*run)(Check&);
};

// Runs every registered test in link order; returns how many failed.
[[nodiscard]] uint32_t run_tests();

}  // namespace guest
