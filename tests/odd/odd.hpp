// SPDX-License-Identifier: LGPL-2.1-or-later
// Something that no kernel does on purpose. A file has one or a few: each begins, and ends, with the machine that tests/stale/machine.hpp
// draws, unless it is the run's end.
//
//   [[gnu::section(".twins"), gnu::used]] const Odd odd{"name", run};
#pragma once

#include <stdint.h>

namespace odd {

enum class End : uint8_t { survives, ends_the_run };

struct Odd {
    const char* name;
    void (*run)();
    End end = End::survives;
};

}  // namespace odd
