// SPDX-License-Identifier: LGPL-2.1-or-later
// What `record` and `sweep` both accept.
#pragma once

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace tools {

struct RecordOptions;

// A check for the parser: an error text if the value is no number above zero.
[[nodiscard]] std::function<std::string(const std::string&)> positive_number();

// --stale and --stop-on-stale.
void add_stale_options(CLI::App& verb, RecordOptions& o);

// --from-mark, --until and --symbols.
void add_mark_options(CLI::App& verb, RecordOptions& o);

}  // namespace tools
