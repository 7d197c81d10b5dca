// SPDX-License-Identifier: LGPL-2.1-or-later
// The words of a command that a user of Bochs' debugger gives to the recording (`zs WORDS`, or `instrument "WORDS"`). No command is
// obeyed in part: what is not understood is answered with what is wrong.
#pragma once

#include <stdint.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace plugin {

struct DebugCommand {
    enum class Verb : uint8_t {
        help, tlb, walk, zones, regions, who, stale, spans, trace,
        break_walk, break_fill, break_flush, break_stale, break_split_switch, list_breaks, delete_break,
    };
    Verb verb{};
    std::string zone;                // break walk
    std::string profile;             // tlb, break walk, fill and flush; empty: the first, or any
    uint64_t from = 0, to = 0;       // walk: the address; who: the frame; break fill: linear addresses, the last one included
    unsigned number = 0;             // delete; 0: all
    std::optional<bool> on;          // trace; nothing: it is asked
};

struct ParsedCommand {
    DebugCommand command;
    std::string error;               // empty: it is understood
};

// The address of a function or variable, by name; nothing if it is not known.
using FindSymbol = std::function<std::optional<uint64_t>(const std::string&)>;

ParsedCommand parse_debug_command(const std::string& line, const FindSymbol&);

// One line for each command.
std::vector<std::string> debug_help();

}  // namespace plugin
