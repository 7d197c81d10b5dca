// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs a ring-3 program in a test.
#pragma once

#include "guest-kernel/kernel/process.hpp"

namespace guest {

// Its exit status, or the Error with which it did not start.
inline int32_t run_to_end(const char* program, uint32_t argument) {
    const int32_t id = spawn(program, argument);
    return id < 0 ? id : wait(id);
}

inline uint32_t as_word(int32_t status) { return static_cast<uint32_t>(status); }

}  // namespace guest
