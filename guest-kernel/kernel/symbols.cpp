// SPDX-License-Identifier: LGPL-2.1-or-later
// Searches the table that build-aux/link-kernel describes.
#include "guest-kernel/kernel/symbols.hpp"

#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/image.hpp"

namespace guest {
namespace {

struct Row {
    uint32_t address;
    uint32_t name;  // offset from the table's start
};

struct Table {
    uint32_t count;
    Row rows[1];  // `count` of them
};

void put_hex(uint32_t value, int digits) {
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) put("0123456789abcdef"[value >> shift & 15]);
}

// As short as it goes.
void put_short(uint32_t value) {
    int digits = 1;
    while (digits < 8 && value >> 4 * digits != 0) ++digits;
    put("0x");
    put_hex(value, digits);
}

// The address, and the function it lies in, `beyond` bytes further on than was looked up.
void put_symbolic(uint32_t address, Maybe<Symbol> symbol, uint32_t beyond) {
    put("[<");
    put_hex(address, 8);
    put(">] ");
    if (!symbol) return put("?");
    put((*symbol).name);
    put("+");
    put_short((*symbol).offset + beyond);
    put("/");
    put_short((*symbol).size);
}

}  // namespace

Maybe<Symbol> find_symbol(uint32_t address) {
    if (image::value(symbols_start) == image::value(symbols_end)) return {};
    const auto& table = *reinterpret_cast<const Table*>(symbols_start);
    uint32_t low = 0, high = table.count;  // rows in front of `low` are at or below the address, those from `high` on above
    while (low < high) {
        const uint32_t middle = (low + high) / 2;
        if (table.rows[middle].address <= address) low = middle + 1;
        else high = middle;
    }
    if (low == 0 || low == table.count) return {};
    const Row& row = table.rows[low - 1];
    const char* const name = symbols_start + row.name;
    if (*name == '\0') return {};
    return Symbol{name, address - row.address, table.rows[low].address - row.address};
}

void put(Symbolic at) { put_symbolic(at.address, find_symbol(at.address), 0); }
void put(SymbolicReturn at) { put_symbolic(at.address, find_symbol(at.address - 1), 1); }

}  // namespace guest
