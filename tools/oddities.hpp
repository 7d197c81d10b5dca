// SPDX-License-Identifier: LGPL-2.1-or-later
// What a guest did that no kernel does on purpose, in words; the plugin counts it (bochs-plugin/oddities.h), doc/json.md lists it.
#pragma once

#include <string>

#include "run_info.hpp"

namespace tools {

// "oddity: walks that met a reserved bit: 3 (first at tick 12, linear 0x00001000)"
[[nodiscard]] std::string oddity_line(const OddityInfo& oddity);

}  // namespace tools
