// SPDX-License-Identifier: LGPL-2.1-or-later
// Text on the debug console, port 0xE9, which Bochs and QEMU both have.
#pragma once

#include <stdint.h>

namespace guest {

struct Hex { uint32_t value; };  // prints as 0x0000abcd

void put(char c);
void put(const char* text);
void put(uint32_t decimal);
void put(int32_t decimal);
void put(Hex value);

// print("zone ", name, ": ", pages, " pages\n")
template <class... Parts>
void print(Parts... parts) { (put(parts), ...); }

}  // namespace guest
