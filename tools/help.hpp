// SPDX-License-Identifier: LGPL-2.1-or-later
// What --help prints: at most 80 columns, and lines that fit a screen. Options that few need are told by --help-all.
#pragma once

#include <initializer_list>

namespace CLI {
class App;
}

namespace tools {

inline constexpr unsigned help_width = 80;

// The group of an option that --help leaves out: option->group(rare_options).
inline constexpr char rare_options[] = "More options";

// Before the verbs are added, which inherit it.
void set_help(CLI::App& app);

// Puts these options of a verb there.
void make_rare(CLI::App& verb, std::initializer_list<const char*> options);

}  // namespace tools
