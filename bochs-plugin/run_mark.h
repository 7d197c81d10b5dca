// SPDX-License-Identifier: LGPL-2.1-or-later
// A moment of the guest's run at which the recording begins or ends, as the bochsrc option says it:
//
//   address:HEX[:NAME]   before the instruction at that linear address     instructions:N   after so many, since power-on
//   serial:TEXT          a line on the first serial port has the text      console:TEXT     a line on port 0xE9 has it
//   mark:N, span:NAME    the guest's port protocol says so
//
// In TEXT and NAME every byte but letters, digits and _-+. may be written %XX, and must be if it has a meaning in bochsrc.
#pragma once

#include <stdint.h>

#include <string>

namespace plugin {

struct RunMark {
    enum class Kind : uint8_t { none, address, instructions, serial, console, mark, span };

    Kind kind = Kind::none;
    uint64_t number = 0;  // address, instructions, mark
    std::string text;     // serial, console, span; address: of which symbol, if any

    explicit operator bool() const { return kind != Kind::none; }
};

// Returns what is wrong with the word, or an empty string.
[[nodiscard]] std::string parse_run_mark(const std::string& word, RunMark& mark);

// The word of the bochsrc option, and what people read: "symbol:start_kernel", "0xc1000000", "serial:login:".
std::string to_word(const RunMark& mark);
std::string describe(const RunMark& mark);

}  // namespace plugin
