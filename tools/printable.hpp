// SPDX-License-Identifier: LGPL-2.1-or-later
// Names come from guests and from traces, and go to terminals: no byte of theirs may be a command to one.
#pragma once

#include <string>

namespace tools {

// The text with `?` for each control character (ASCII's, DEL too); bytes of UTF-8 stay.
[[nodiscard]] inline std::string printable(std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = '?';
    return text;
}

}  // namespace tools
