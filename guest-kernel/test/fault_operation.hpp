// SPDX-License-Identifier: LGPL-2.1-or-later
// Operations that allocate memory, for test/fault_injection_test.cpp, which lets each of their allocations fail in turn. An
// operation registers itself with one line; the linker collects them:
//
//   [[gnu::section(".fault_operations"), gnu::used]] const FaultOperation vfork_fails{"vfork", [] { return …; }};
#pragma once

namespace guest {

struct FaultOperation {
    const char* name;
    bool (*run)();  // false if it did not go well. Gives all memory back either way, once exited children are reaped.
};

}  // namespace guest
