// SPDX-License-Identifier: LGPL-2.1-or-later
// Options that several verbs have, so that they mean the same and read the same everywhere.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace tools {

// --symbols FILE: the names of functions. chosen_symbols() takes it.
void add_symbols_option(CLI::App& verb, std::string& file);

// --profile P[,P...], of a recording's profiles. chosen_profiles() takes it. `limit`: what comes before the description, as "csv: ".
void add_profile_option(CLI::App& verb, std::vector<std::string>& profiles, const std::string& limit = {});

}  // namespace tools
