// SPDX-License-Identifier: LGPL-2.1-or-later
// Pieces of the command line.
#pragma once

namespace guest {

// A piece of the command line, [begin, end).
struct Text {
    const char* begin = nullptr;
    const char* end = nullptr;

    bool operator==(const char* other) const {
        const char* c = begin;
        while (c < end && *other && *c == *other) ++c, ++other;
        return c == end && !*other;
    }
    bool empty() const { return begin == end; }
};

// Takes the piece up to `separator` off the front of `rest`; empty pieces between separators are skipped.
Text next_piece(Text& rest, char separator);

}  // namespace guest
