// SPDX-License-Identifier: LGPL-2.1-or-later
// The command line: key=value words.
#pragma once

#include "guest-kernel/kernel/multiboot.hpp"

namespace odd {

// What follows `key=` up to a blank; its length is 0 if there is no such word.
struct Word {
    const char* text = "";
    uint32_t length = 0;

    Word(const guest::MultibootInfo& info, const char* key) {
        const uint32_t key_length = static_cast<uint32_t>(__builtin_strlen(key));
        if (!(info.flags & guest::MultibootInfo::has_command_line)) return;
        for (const auto* words = reinterpret_cast<const char*>(info.command_line); *words; ++words) {
            if (__builtin_memcmp(words, key, key_length) != 0 || words[key_length] != '=') continue;
            text = words + key_length + 1;
            while (text[length] && text[length] != ' ') ++length;
            return;
        }
    }
    bool is(const char* other) const { return __builtin_strlen(other) == length && __builtin_memcmp(text, other, length) == 0; }
    uint32_t number() const {
        uint32_t value = 0;
        for (uint32_t n = 0; n < length; ++n) value = 10 * value + static_cast<uint32_t>(text[n] - '0');
        return value;
    }
};

}  // namespace odd
