// SPDX-License-Identifier: LGPL-2.1-or-later
// The words for marks.
#include "run_mark.h"

#include <stdio.h>
#include <stdlib.h>

namespace plugin {

namespace {

using Kind = RunMark::Kind;

constexpr const char* kind_names[] = {"none", "address", "instructions", "serial", "console", "mark", "span"};
constexpr uint64_t linear_end = uint64_t{1} << 32, mark_end = 1 << 24;

bool plain(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '+' || c == '.'; }

std::string encoded(const std::string& text) {
    std::string word;
    for (const char c : text) {
        char code[4];
        snprintf(code, sizeof code, "%%%02X", static_cast<unsigned char>(c));
        if (plain(c)) word += c;
        else word += code;
    }
    return word;
}

bool decode(const std::string& word, std::string& text) {
    text.clear();
    for (size_t at = 0; at < word.size(); ++at) {
        if (word[at] != '%') {
            text += word[at];
            continue;
        }
        char* end = nullptr;
        const std::string digits = word.substr(at + 1, 2);
        text += static_cast<char>(strtoul(digits.c_str(), &end, 16));
        if (digits.size() != 2 || *end != 0) return false;
        at += 2;
    }
    return !text.empty();
}

bool parse_number(const std::string& text, int base, uint64_t end, uint64_t& number) {
    char* last = nullptr;
    number = strtoull(text.c_str(), &last, base);
    return !text.empty() && text[0] != '-' && *last == 0 && number < end;
}

std::string hex(uint64_t number) {
    char text[20];
    snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(number));
    return text;
}

}  // namespace

std::string parse_run_mark(const std::string& word, RunMark& mark) {
    const size_t colon = word.find(':');
    const std::string kind = word.substr(0, colon), value = colon == std::string::npos ? "" : word.substr(colon + 1);
    mark = {};
    for (const Kind k : {Kind::address, Kind::instructions, Kind::serial, Kind::console, Kind::mark, Kind::span})
        if (kind == kind_names[static_cast<unsigned>(k)]) mark.kind = k;
    bool good = false;
    switch (mark.kind) {
    case Kind::none: return word + ": a mark begins with address:, instructions:, serial:, console:, mark: or span:";
    case Kind::address: {
        const size_t name = value.find(':');
        good = parse_number(value.substr(0, name), 16, linear_end, mark.number) && (name == std::string::npos || decode(value.substr(name + 1), mark.text));
        break;
    }
    case Kind::instructions: good = parse_number(value, 10, UINT64_MAX, mark.number); break;
    case Kind::mark: good = parse_number(value, 0, mark_end, mark.number); break;
    case Kind::serial:
    case Kind::console:
    case Kind::span: good = decode(value, mark.text); break;
    }
    return good ? "" : word + ": '" + value + "' is not what " + kind + ": takes";
}

std::string to_word(const RunMark& m) {
    const std::string kind = std::string{kind_names[static_cast<unsigned>(m.kind)]} + ":";
    switch (m.kind) {
    case Kind::none: break;
    case Kind::address: return kind + hex(m.number) + (m.text.empty() ? "" : ":" + encoded(m.text));
    case Kind::instructions:
    case Kind::mark: return kind + std::to_string(m.number);
    case Kind::serial:
    case Kind::console:
    case Kind::span: return kind + encoded(m.text);
    }
    return {};
}

std::string describe(const RunMark& m) {
    if (m.kind == Kind::address) return m.text.empty() ? hex(m.number) : "symbol:" + m.text;
    if (m.kind == Kind::instructions || m.kind == Kind::mark) return to_word(m);
    return m ? std::string{kind_names[static_cast<unsigned>(m.kind)]} + ":" + m.text : "";
}

}  // namespace plugin
