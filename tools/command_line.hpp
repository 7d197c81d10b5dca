// SPDX-License-Identifier: LGPL-2.1-or-later
// Helpers for command lines: sizes, lists of names, and errors that say what would have been right.
#pragma once

#include <stdint.h>

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace tools {

// "512M" or "1G", in MiB; a bare number is MiB. Throws InputError naming `option`; 4 MiB to 64 GiB.
[[nodiscard]] uint64_t parse_memory(const std::string& text, const std::string& option);

// "a,b,c" in order, without repetitions; "all" stands for all known. Throws InputError naming the option and all known
// names if one is unknown.
[[nodiscard]] std::vector<std::string> parse_list(const std::string& text, const std::string& option, const std::vector<std::string>& known);

// One name out of those known, or InputError.
[[nodiscard]] std::string parse_choice(const std::string& text, const std::string& option, const std::vector<std::string>& known);

// A check for the parser: an error text if the value is no whole number from `least` on. (The parser itself takes -1 for a
// large number.)
[[nodiscard]] std::function<std::string(const std::string&)> whole_number(uint64_t least = 0);

// "3:1, 2:2, 1:3": for messages.
[[nodiscard]] std::string join(const std::vector<std::string>& words, const std::string& between = ", ");

// The names of the verbs, for messages.
[[nodiscard]] std::string verb_names(const CLI::App& app);

// One line for a command line that the parser refused: what is wrong, and what to do.
[[nodiscard]] std::string explain_parse_error(const CLI::App& app, const CLI::ParseError& error, int argc, const char* const* argv);

}  // namespace tools
