// SPDX-License-Identifier: LGPL-2.1-or-later
// What --from-mark and --until take: the words of the user as the plugin's marks.
#pragma once

#include <functional>
#include <string>

#include "bochs-plugin/run_mark.h"
#include "symbols.hpp"

namespace tools {

// `symbols` is asked only if the mark names one. Throws InputError naming `option` if the text is no mark, or if there is not exactly one
// function of that name.
[[nodiscard]] plugin::RunMark parse_mark(const std::string& text, const std::string& option, const std::function<Symbols()>& symbols);

}  // namespace tools
