// SPDX-License-Identifier: LGPL-2.1-or-later
// Splits a line into words and looks the first ones up.
#include "debug_command.h"

#include <errno.h>
#include <stdlib.h>

#include <sstream>

namespace plugin {

namespace {

using Verb = DebugCommand::Verb;

// What follows the words of a command.
enum class Takes : uint8_t { nothing, optional_profile, address, frame, on_or_off, zone, range, number };

struct Form {
    const char* words;
    Verb verb;
    Takes takes;
    const char *arguments, *meaning;
};

constexpr Form forms[] = {
    {"tlb", Verb::tlb, Takes::optional_profile, "[PROFILE]", "what the modelled TLBs hold"},
    {"walk", Verb::walk, Takes::address, "ADDR", "the page walk of an address, entry by entry"},
    {"who", Verb::who, Takes::frame, "PFN", "which linear pages and tasks map a frame"},
    {"zones", Verb::zones, Takes::nothing, "", "the zones, with walks and fills so far"},
    {"regions", Verb::regions, Takes::nothing, "", "the regions of linear addresses, with walks and fills so far"},
    {"spans", Verb::spans, Takes::nothing, "", "which spans are open"},
    {"stale", Verb::stale, Takes::nothing, "", "missing TLB flushes found so far"},
    {"trace", Verb::trace, Takes::on_or_off, "[on|off]", "whether events are recorded; leave a part out"},
    {"break walk", Verb::break_walk, Takes::zone, "ZONE [PROFILE]", "stop after a walk to a frame of the zone; any: every walk"},
    {"break fill", Verb::break_fill, Takes::range, "ADDR[-ADDR] [PROFILE]", "stop after a translation of these addresses was cached"},
    {"break flush", Verb::break_flush, Takes::optional_profile, "[PROFILE]", "stop after a flush that dropped something"},
    {"break stale", Verb::break_stale, Takes::nothing, "", "stop after the first use at each site that misses a flush"},
    {"break split-switch", Verb::break_split_switch, Takes::nothing, "", "stop after a MOV to CR3 in the trampoline (4:4, PTI)"},
    {"breaks", Verb::list_breaks, Takes::nothing, "", "the breaks, and how often each was met"},
    {"delete", Verb::delete_break, Takes::number, "N|all", "delete a break"},
    {"help", Verb::help, Takes::nothing, "", "this list"},
};

std::vector<std::string> words_of(const std::string& line) {
    std::istringstream in{line};
    std::vector<std::string> words;
    for (std::string word; in >> word;) words.push_back(word);
    return words;
}

// 0x... or decimal, as Bochs' debugger takes them.
std::optional<uint64_t> number(const std::string& text) {
    if (text.empty() || text[0] < '0' || text[0] > '9') return std::nullopt;
    const bool hex = text.size() > 2 && text[0] == '0' && (text[1] | 0x20) == 'x';
    char* end = nullptr;
    errno = 0;
    const uint64_t value = strtoull(text.c_str(), &end, hex ? 16 : 10);
    return *end == 0 && errno == 0 ? std::optional{value} : std::nullopt;
}

// A number, a symbol, or a symbol and a number.
std::optional<uint64_t> address(const std::string& text, const FindSymbol& find) {
    if (const auto value = number(text)) return value;
    if (const auto value = find(text)) return value;
    const size_t plus = text.rfind('+');
    if (plus == std::string::npos) return std::nullopt;
    const auto base = find(text.substr(0, plus)), offset = number(text.substr(plus + 1));
    return base && offset ? std::optional{*base + *offset} : std::nullopt;
}

std::string unknown_address(const std::string& text) {
    return "'" + text + "' is neither a number (0x...) nor a symbol that is known; an address is 0xC0100000, SYMBOL or SYMBOL+0x10";
}

bool range(const std::string& text, const FindSymbol& find, DebugCommand& c) {
    const auto whole = address(text, find);
    if (whole) return c.from = c.to = *whole, true;
    for (size_t dash = text.find('-'); dash != std::string::npos; dash = text.find('-', dash + 1)) {
        const auto from = address(text.substr(0, dash), find), to = address(text.substr(dash + 1), find);
        if (from && to) return c.from = *from, c.to = *to, true;
    }
    return false;
}

// What is wrong with the words after those of the form, or an empty string.
std::string take(const Form& form, const std::vector<std::string>& rest, const FindSymbol& find, DebugCommand& c) {
    const auto usage = [&] { return std::string{"it is: "} + form.words + (*form.arguments ? " " : "") + form.arguments; };
    size_t most = 1, least = 1;
    switch (form.takes) {
    case Takes::nothing: most = least = 0; break;
    case Takes::optional_profile: case Takes::on_or_off: least = 0; break;
    case Takes::zone: case Takes::range: most = 2; break;
    default: break;
    }
    if (rest.size() < least) return "something is missing; " + usage();
    if (rest.size() > most) return "'" + rest[most] + "' is too much; " + usage();
    if (rest.empty()) return {};
    const std::string& first = rest[0];
    if (rest.size() == 2) c.profile = rest[1];
    switch (form.takes) {
    case Takes::nothing: break;
    case Takes::optional_profile: c.profile = first; break;
    case Takes::zone: c.zone = first; break;
    case Takes::on_or_off:
        if (first != "on" && first != "off") return "'" + first + "' is neither on nor off; " + usage();
        c.on = first == "on";
        break;
    case Takes::address:
        if (const auto at = address(first, find)) c.from = c.to = *at;
        else return unknown_address(first);
        break;
    case Takes::range:
        if (!range(first, find, c)) return unknown_address(first);
        if (c.to < c.from) return "'" + first + "' ends before it begins";
        break;
    case Takes::frame:
        if (const auto frame = number(first); frame && *frame < 0xFFFFFFFF) c.from = c.to = *frame;
        else return "'" + first + "' is no frame number: the physical address without its last three digits, such as 0x38000";
        break;
    case Takes::number:
        if (first == "all") c.number = 0;
        else if (const auto n = number(first); n && *n != 0 && *n < 0xFFFFFFFF) c.number = static_cast<unsigned>(*n);
        else return "'" + first + "' is no break's number; " + usage();
        break;
    }
    return {};
}

}  // namespace

ParsedCommand parse_debug_command(const std::string& line, const FindSymbol& find) {
    const std::vector<std::string> words = words_of(line);
    if (words.empty()) return {{Verb::help, {}, {}, 0, 0, 0, std::nullopt}, {}};
    const Form* best = nullptr;
    size_t used = 0;
    for (const Form& form : forms) {
        const std::vector<std::string> wanted = words_of(form.words);
        if (wanted.size() <= words.size() && std::vector<std::string>(words.begin(), words.begin() + static_cast<long>(wanted.size())) == wanted) best = &form, used = wanted.size();
    }
    if (!best && words[0] == "break")
        return {{}, words.size() == 1 ? "it is: break walk|fill|flush|stale|split-switch" : "there is no break on '" + words[1] + "'; it is: break walk|fill|flush|stale|split-switch"};
    if (!best) return {{}, "there is no command '" + words[0] + "'; `zs help` lists them"};
    ParsedCommand parsed;
    parsed.command.verb = best->verb;
    parsed.error = take(*best, {words.begin() + static_cast<long>(used), words.end()}, find, parsed.command);
    if (!parsed.error.empty()) parsed.error = std::string{best->words} + ": " + parsed.error;
    return parsed;
}

std::vector<std::string> debug_help() {
    std::vector<std::string> lines;
    size_t width = 0;
    for (const Form& form : forms) {
        lines.push_back(std::string{form.words} + (*form.arguments ? " " : "") + form.arguments);
        width = lines.back().size() > width ? lines.back().size() : width;
    }
    for (size_t n = 0; n < lines.size(); ++n) lines[n] = "  " + lines[n] + std::string(width + 2 - lines[n].size(), ' ') + forms[n].meaning;
    return lines;
}

}  // namespace plugin
