// SPDX-License-Identifier: LGPL-2.1-or-later
// One line of text being typed.
#pragma once

#include <string>
#include <string_view>

#include "commands.hpp"

namespace tools::view {

class LineEditor final {
public:
    explicit LineEditor(std::string text = {}) : text_{std::move(text)}, cursor_{text_.size()} {}

    [[nodiscard]] const std::string& text() const { return text_; }
    // Bytes before the cursor; never inside a character of UTF-8.
    [[nodiscard]] size_t cursor() const { return cursor_; }

    // Control characters, and what is too long for anybody's line, are left out.
    void insert(std::string_view typed);
    // Whether the key was one that edits.
    bool press(Key key);

private:
    [[nodiscard]] size_t before(size_t at) const;
    [[nodiscard]] size_t after(size_t at) const;

    static constexpr size_t longest = 400;
    std::string text_;
    size_t cursor_;
};

}  // namespace tools::view
