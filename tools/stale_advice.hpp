// SPDX-License-Identifier: LGPL-2.1-or-later
// Which flush was missing (SDM vol. 3, 4.10.4).
#pragma once

#include <string>

#include "stale_report.hpp"

namespace tools {

// One or two sentences without a full stop at the end: "INVLPG 0xff800000 after the write. MOV CR3 is not enough: ...".
[[nodiscard]] std::string right_flush(const StaleReport& report);

}  // namespace tools
