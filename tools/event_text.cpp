// SPDX-License-Identifier: LGPL-2.1-or-later
// Writes rows as text.
#include "event_text.hpp"

#include <cstdio>

namespace tools {
namespace {

std::string text_of(const FieldValue& v) {
    if (v.kind == FieldValue::Kind::text) return v.text;
    char text[24];
    std::snprintf(text, sizeof text, v.kind == FieldValue::Kind::hexadecimal ? "0x%llx" : "%llu", static_cast<unsigned long long>(v.number));
    return text;
}

}  // namespace

std::string event_text(const EventRow& row) {
    char head[64];
    std::snprintf(head, sizeof head, "%14llu cpu%u ", static_cast<unsigned long long>(row.time), row.cpu);
    std::string line = std::string{head} + mm::trace::kind_of(row.id).name + ':';
    for (const auto& [name, value] : row.fields) line.append(" ").append(name).append("=").append(text_of(value));
    return line;
}

}  // namespace tools
