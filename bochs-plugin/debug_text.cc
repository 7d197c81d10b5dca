// SPDX-License-Identifier: LGPL-2.1-or-later
// Words and tables.
#include "debug_text.h"

#include <stdio.h>

#include <algorithm>

namespace plugin {

using namespace mm;

std::string hex(uint64_t value, unsigned digits) {
    char text[24];
    snprintf(text, sizeof text, "0x%0*llx", static_cast<int>(digits), static_cast<unsigned long long>(value));
    return text;
}

std::string grouped(uint64_t value) {
    std::string text = std::to_string(value);
    for (size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
    return text;
}

std::string plural(uint64_t count, const std::string& noun) {
    if (count == 1) return "1 " + noun;
    const bool y = noun.back() == 'y';
    return grouped(count) + " " + (y ? noun.substr(0, noun.size() - 1) + "ies" : noun + "s");
}

std::string bytes_text(uint64_t bytes) {
    constexpr const char* units[] = {" B", " KiB", " MiB", " GiB", " TiB"};
    unsigned unit = 0;
    while (unit < 4 && bytes >= 1024 && bytes % 1024 == 0) bytes /= 1024, ++unit;
    return grouped(bytes) + units[unit];
}

std::string cause_words(RefillCause cause) {
    std::string words = trace::detail::cause_labels[static_cast<unsigned>(cause)];
    std::replace(words.begin(), words.end(), '_', ' ');
    return words;
}

const char* access_noun(AccessKind k) {
    constexpr const char* names[] = {"read", "write", "fetch"};
    return names[static_cast<unsigned>(k)];
}

std::string rights(Permissions p, bool no_execute) {
    const bool execute = p.execute || !no_execute;
    return std::string{p.user ? "user r" : "kernel r"} + (p.write ? "w" : "-") + (execute ? "x" : "-") + (p.global ? " global" : "");
}

std::string place(const RunInfo& info, const DebugNames& names, uint64_t linear, bool user) {
    const std::string symbol = names.symbol_at(linear);
    return hex(linear, 8) + (symbol.empty() ? "" : " " + symbol) + " (" + region_of(info, linear, user) + ")";
}

std::string frame_place(const RunInfo& info, Pfn frame) { return "frame " + hex(frame.raw) + " (" + zone_of(info, frame) + ")"; }

std::string entry_words(const WalkStep& s, PagingMode mode) {
    const Entry<Pae> e{s.value};
    if (!e.present()) return "not present";
    std::string words = "present";
    const auto say = [&](bool is, const char* word) { words += is ? std::string{" "} + word : ""; };
    const bool pointer = s.in_register;  // PAE's PDPTEs have P, PWT and PCD only (SDM vol. 3, table 4-8)
    if (!pointer) words += std::string{e.writable() ? " writable" : " read-only"} + (e.user() ? " user" : " kernel");
    say(e.has(entry_bit::write_through), "PWT");
    say(e.has(entry_bit::cache_disable), "PCD");
    if (pointer) return words;
    say(e.accessed(), "accessed");
    say(e.dirty() && s.leaf, "dirty");
    say(s.leaf && s.table == WalkTable::table && e.page_size_bit(), "PAT");
    say(s.leaf && s.table != WalkTable::table, "large");
    say(s.leaf && e.global(), "global");
    say(mode != PagingMode::classic && e.no_execute(), "no-execute");
    say(s.reserved, "and a reserved bit");
    return words;
}

std::vector<std::string> aligned(const std::vector<std::vector<std::string>>& rows) {
    std::vector<size_t> widths;
    std::vector<bool> right;
    for (const auto& row : rows)
        for (size_t n = 0; n < row.size(); ++n) {
            if (widths.size() <= n) widths.push_back(0), right.push_back(!rows[0][n].empty() && rows[0][n].back() == ' ');
            widths[n] = std::max(widths[n], row[n].size() - (&row == &rows[0] && right[n] ? 1 : 0));
        }
    std::vector<std::string> lines;
    for (const auto& row : rows) {
        std::string line;
        for (size_t n = 0; n < row.size(); ++n) {
            const std::string text = &row == &rows[0] && right[n] ? row[n].substr(0, row[n].size() - 1) : row[n];
            const std::string blanks(widths[n] - text.size(), ' ');
            line += "  " + (right[n] ? blanks + text : text + blanks);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        lines.push_back(line);
    }
    return lines;
}

}  // namespace plugin
