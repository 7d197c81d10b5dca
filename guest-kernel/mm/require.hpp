// SPDX-License-Identifier: LGPL-2.1-or-later
// The assertion of the memory code: a bug stops the machine with one sentence. Expected shortages never come here.
#pragma once

namespace guest {

// Defined by the kernel (prints, then reports failure and powers off) and by the host tests (prints and aborts).
[[noreturn]] void panic(const char* reason);

inline void require(bool condition, const char* reason) {
    if (!condition) panic(reason);
}

}  // namespace guest
