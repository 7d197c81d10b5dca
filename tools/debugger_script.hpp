// SPDX-License-Identifier: LGPL-2.1-or-later
// What Bochs' debugger is told before the user: where symbols are, and the commands of a script.
#pragma once

#include <string>
#include <vector>

#include "recorder.hpp"
#include "symbols.hpp"

namespace tools {

// Throws InputError if the script cannot be read.
void check_debugger_options(const RecordOptions& o);

// Writes both into the trace's hidden directory, and adds what Bochs is started with.
void add_debugger_arguments(std::vector<std::string>& command, const RecordOptions& o);

// As Bochs' `ldsym` reads them: "c0100000 guest::kernel_main".
[[nodiscard]] std::string debugger_symbols(const Symbols& symbols);

// With a script, and nobody at a terminal who might go on after its end, the debugger quits there.
[[nodiscard]] std::string debugger_script(const std::filesystem::path& symbols, const std::string& commands, bool quits);

}  // namespace tools
