// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads marks.
#include "run_marks.hpp"

#include <algorithm>
#include <cstdio>

#include "command_line.hpp"
#include "error.hpp"

namespace tools {
namespace {

using plugin::RunMark;

constexpr size_t longest_text = 120;  // bytes: Bochs reads lines of 511, and each byte may take three there
constexpr char forms[] = "a mark is a function's name (or symbol:NAME), 0xADDRESS, a count of instructions (or instructions:N), serial:TEXT, console:TEXT, mark:N or span:NAME";

bool all_of(const std::string& text, const char* characters) { return !text.empty() && text.find_first_not_of(characters) == std::string::npos; }

std::string hex(uint32_t address) {
    char text[12];
    std::snprintf(text, sizeof text, "0x%08x", address);
    return text;
}

RunMark at_symbol(const std::string& name, const std::string& subject, const Symbols& symbols) {
    const std::vector<uint32_t> found = symbols.find(name);
    if (found.empty()) throw InputError{subject, "no function has this name; give its address as 0x..., or the file that has it as --symbols FILE"};
    std::vector<std::string> addresses;
    for (const uint32_t a : found) addresses.push_back(hex(a));
    if (found.size() > 1) throw InputError{subject, "several functions have this name; give one of their addresses: " + join(addresses)};
    return {RunMark::Kind::address, found.front(), name};
}

}  // namespace

RunMark parse_mark(const std::string& text, const std::string& option, const std::function<Symbols()>& symbols) {
    constexpr char decimal[] = "0123456789", hexadecimal[] = "0123456789abcdefABCDEF";
    const std::string subject = option + " " + text;
    const size_t colon = text.find(':');
    const std::string kind = colon == std::string::npos ? "" : text.substr(0, colon), value = colon == std::string::npos ? text : text.substr(colon + 1);
    if (value.empty() || value.size() > longest_text || value.find_first_of("\r\n") != std::string::npos)
        throw InputError{subject, std::string{forms} + "; a text has one line, and at most " + std::to_string(longest_text) + " bytes"};
    RunMark mark;
    std::string word;
    if (kind == "serial") return {RunMark::Kind::serial, 0, value};
    if (kind == "console") return {RunMark::Kind::console, 0, value};
    if (kind == "span") return {RunMark::Kind::span, 0, value};
    if (kind == "mark") word = text;
    else if (kind == "instructions" || (kind.empty() && all_of(value, decimal))) word = "instructions:" + value;
    else if (kind.empty() && value.size() > 2 && value.compare(0, 2, "0x") == 0 && all_of(value.substr(2), hexadecimal)) word = "address:" + value;
    else return at_symbol(kind == "symbol" ? value : text, subject, symbols());
    if (const std::string wrong = parse_run_mark(word, mark); !wrong.empty()) throw InputError{subject, forms};
    return mark;
}

}  // namespace tools
