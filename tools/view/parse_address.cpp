// SPDX-License-Identifier: LGPL-2.1-or-later
// A linear address as a person writes it.
#include "parse_address.hpp"

#include <algorithm>
#include <cstdlib>

namespace tools::view {

std::optional<uint32_t> parse_address(std::string text) {
    std::erase_if(text, [](char c) { return c == '_' || c == ' ' || c == ','; });
    if (text.starts_with("0x") || text.starts_with("0X")) text.erase(0, 2);
    if (text.empty() || text.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) return {};
    text.erase(0, std::min(text.find_first_not_of('0'), text.size() - 1));
    if (text.size() > 8) return {};
    return static_cast<uint32_t>(std::strtoul(text.c_str(), nullptr, 16));
}

std::string no_address(const std::string& text) { return "\u201C" + text + "\u201D is no linear address; give up to eight hexadecimal digits, as c0101000"; }

}  // namespace tools::view
