// SPDX-License-Identifier: LGPL-2.1-or-later
// Splits the command line; refers to it, copies nothing.
#include "guest-kernel/kernel/command_line.hpp"

namespace guest {
namespace {

constexpr char default_workloads[] = "all";

Text whole(const char* text) {
    const char* end = text;
    while (*end) ++end;
    return {text, end};
}

}  // namespace

Text next_piece(Text& rest, char separator) {
    while (rest.begin < rest.end && *rest.begin == separator) ++rest.begin;
    const char* const begin = rest.begin;
    while (rest.begin < rest.end && *rest.begin != separator) ++rest.begin;
    return {begin, rest.begin};
}

Options parse_command_line(const char* line, void (*unknown)(Text word)) {
    Options options;
    options.workloads = whole(default_workloads);
    Text rest = whole(line);
    for (bool first = true;; first = false) {
        const Text word = next_piece(rest, ' ');
        if (word.empty()) return options;
        Text value = word;
        const Text key = next_piece(value, '=');
        if (value.begin < value.end) ++value.begin;  // the '='
        if (key == "workload" && !value.empty()) options.workloads = value;
        else if (key == "selftest" && (value == "0" || value == "1")) options.selftest = value == "1";
        else if (word == "4kstacks") options.small_stacks = true;
        else if (word == "highpte") options.tables_in_highmem = true;
        else if (word == "mem=nopentium") options.direct_map = DirectMapPages::small;
        else if (word == "nosep") options.no_sysenter = true;
        else if (word == "nopge") options.no_global_pages = true;
        else if (key == "crash" && (value == "panic" || value == "fault" || value == "stack" || value == "deadlock"))
            options.crash = value;
        else if (key == "print") options.reports = value;
        else if (key == "nodes" && parse_nodes(value, options.memory)) continue;
        else if (key == "struct_page" && parse_struct_page(value, options.memory)) continue;
        else if (!first || key.end != word.end) unknown(word);
    }
}

}  // namespace guest
