// SPDX-License-Identifier: LGPL-2.1-or-later
// What must hold between the sums that `stat` prints: nothing is counted twice, and nothing is lost.
#pragma once

#include <string>

#include "statistics.hpp"

namespace tools {

// Throws Failure naming the first rule that does not hold. `subject` names the trace.
void check_conservation(const Statistics& s, const std::string& subject);

}  // namespace tools
