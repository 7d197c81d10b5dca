// SPDX-License-Identifier: LGPL-2.1-or-later
// Looks for a text in the lines that a guest prints, byte by byte: the line may still go on (a prompt). Escape sequences for colours and the
// like (ECMA-48) and carriage returns are no part of a line.
#pragma once

#include <string>

namespace plugin {

class LineWatch {
public:
    // Takes the next byte. Whether the line now ends with `text`; true or false for an empty one.
    bool take(char c, const std::string& text) {
        if (escape_ != Escape::none) {
            if (escape_ == Escape::begun && c == '[') escape_ = Escape::control;
            else if (escape_ == Escape::begun || (c >= 0x40 && c <= 0x7E)) escape_ = Escape::none;
            return false;
        }
        if (c == '\x1B') escape_ = Escape::begun;
        else if (c == '\n') line_.clear();
        else if (c != '\r' && c != 0 && line_.size() < longest) line_ += c;
        else return false;
        return escape_ == Escape::none && line_.size() >= text.size() && line_.compare(line_.size() - text.size(), text.size(), text) == 0;
    }

private:
    static constexpr size_t longest = 4096;  // bytes of a line that are kept
    enum class Escape { none, begun, control } escape_ = Escape::none;
    std::string line_;
};

}  // namespace plugin
