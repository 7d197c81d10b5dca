// SPDX-License-Identifier: LGPL-2.1-or-later
// A pair of behaviours that differ in one flush. A file per pair: its name is the file's, its namespace twins::NAME, and there
// change() makes the translation stale and use() uses it, so that a report can be checked by the functions that it names.
//
//   [[gnu::section(".twins"), gnu::used]] const Twin twin{"frame-changed", run};
#pragma once

#include <stdint.h>

namespace twins {

enum class Side : uint8_t { bad, good };
enum class Sides : uint8_t { both, good_only };
enum class Processors : uint8_t { one, two };

struct Twin {
    const char* name;
    void (*run)(Side);  // from machine.hpp's reset(), to which main() returns afterwards
    Sides sides = Sides::both;
    Processors processors = Processors::one;
};

}  // namespace twins
