// SPDX-License-Identifier: LGPL-2.1-or-later
// The verbs of the zonescope command. Each file of a verb adds its options to the parser and leaves what to do in `chosen`.
#pragma once

#include <functional>

#include "error.hpp"

namespace CLI {
class App;
}

namespace tools {

// Set by the verb that the user gave; run after the whole command line is parsed.
using Verb = std::function<Status()>;

void add_record(CLI::App& app, Verb& chosen);
void add_debug(CLI::App& app, Verb& chosen);
void add_sweep(CLI::App& app, Verb& chosen);
void add_stat(CLI::App& app, Verb& chosen);
void add_annotate(CLI::App& app, Verb& chosen);
void add_diff(CLI::App& app, Verb& chosen);
void add_dump(CLI::App& app, Verb& chosen);
void add_export(CLI::App& app, Verb& chosen);
void add_replay(CLI::App& app, Verb& chosen);
void add_report(CLI::App& app, Verb& chosen);
void add_stale(CLI::App& app, Verb& chosen);
void add_check(CLI::App& app, Verb& chosen);
void add_claims(CLI::App& app, Verb& chosen);
void add_completion(CLI::App& app, Verb& chosen);
void add_linux_image(CLI::App& app, Verb& chosen);
void add_profiles(CLI::App& app, Verb& chosen);
void add_view(CLI::App& app, Verb& chosen);

}  // namespace tools
