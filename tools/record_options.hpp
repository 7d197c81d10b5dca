// SPDX-License-Identifier: LGPL-2.1-or-later
// What `record` and `sweep` both accept.
#pragma once

#include <functional>
#include <string>

namespace tools {

// A check for the parser: an error text if the value is no number above zero.
[[nodiscard]] std::function<std::string(const std::string&)> positive_number();

}  // namespace tools
