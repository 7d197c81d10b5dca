// SPDX-License-Identifier: LGPL-2.1-or-later
// The options that several verbs have.
#include "common_options.hpp"

#include <CLI/CLI.hpp>

namespace tools {

void add_symbols_option(CLI::App& verb, std::string& file) {
    verb.add_option("--symbols,--elf", file, "The guest's ELF file, or its System.map, for the names of functions")->type_name("FILE");
}

void add_profile_option(CLI::App& verb, std::vector<std::string>& profiles, const std::string& limit) {
    verb.add_option("--profile", profiles, limit + (limit.empty() ? "Only" : "only") + " these profiles (names), or the costs from a .toml FILE; may be repeated")
        ->type_name("P[,P...]")->expected(1)->allow_extra_args(false)->take_all();
}

}  // namespace tools
