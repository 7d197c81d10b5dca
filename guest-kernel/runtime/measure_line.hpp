// SPDX-License-Identifier: LGPL-2.1-or-later
// A console line that zonescope reads, from ring 3: "measure: NAME VALUE UNIT" (doc/workloads.md).
#pragma once

#include "guest-kernel/runtime/program.hpp"

namespace guest {

class ConsoleLine final {
public:
    ConsoleLine& add(const char* text) {
        while (*text && length_ < sizeof text_ - 1) text_[length_++] = *text++;
        return *this;
    }
    ConsoleLine& add(uint32_t value) {
        char digits[11] = {};
        char* first = digits + sizeof digits - 1;
        do *--first = static_cast<char>('0' + value % 10);
        while ((value /= 10) != 0);
        return add(first);
    }
    void print() {
        text_[length_++] = '\n';
        write_console(text_, length_);
    }

private:
    char text_[80];
    uint32_t length_ = 0;
};

inline void print_measure(const char* name, uint32_t value, const char* unit) {
    ConsoleLine{}.add("measure: ").add(name).add(" ").add(value).add(" ").add(unit).print();
}

}  // namespace guest
