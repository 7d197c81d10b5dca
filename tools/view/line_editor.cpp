// SPDX-License-Identifier: LGPL-2.1-or-later
// Editing by whole characters of UTF-8.
#include "line_editor.hpp"

namespace tools::view {
namespace {

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

size_t LineEditor::before(size_t at) const {
    while (at > 0 && continues(text_[--at])) {}
    return at;
}

size_t LineEditor::after(size_t at) const {
    if (at < text_.size()) ++at;
    while (at < text_.size() && continues(text_[at])) ++at;
    return at;
}

void LineEditor::insert(std::string_view typed) {
    if (text_.size() + typed.size() > longest) return;
    for (const char c : typed)
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) text_.insert(cursor_++, 1, c);
}

bool LineEditor::press(Key key) {
    switch (key) {
        case Key::left: return cursor_ = before(cursor_), true;
        case Key::right: return cursor_ = after(cursor_), true;
        case Key::home: return cursor_ = 0, true;
        case Key::end: return cursor_ = text_.size(), true;
        case Key::backspace: {
            const size_t from = before(cursor_);
            text_.erase(from, cursor_ - from);
            return cursor_ = from, true;
        }
        case Key::erase: return text_.erase(cursor_, after(cursor_) - cursor_), true;
        default: return false;
    }
}

}  // namespace tools::view
