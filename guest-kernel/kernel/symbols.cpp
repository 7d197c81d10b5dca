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

constexpr TextSink console{[](void*, const char* text) { put(text); }, nullptr};

// The address, and the function it lies in, `beyond` bytes further on than was looked up.
void put_symbolic(uint32_t address, Maybe<Symbol> symbol, uint32_t beyond) {
    put("[<");
    for (int shift = 28; shift >= 0; shift -= 4) put("0123456789abcdef"[address >> shift & 15]);
    put(">] ");
    if (!symbol) return put("?");
    report_symbol({(*symbol).name, (*symbol).offset + beyond, (*symbol).size}, console);
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

void report_symbol(const Symbol& symbol, const TextSink& out) {
    out.text(symbol.name);
    out.text("+");
    out.short_hex(symbol.offset);
    out.text("/");
    out.short_hex(symbol.size);
}

void put(Symbolic at) { put_symbolic(at.address, find_symbol(at.address), 0); }
void put(SymbolicReturn at) { put_symbolic(at.address, find_symbol(at.address - 1), 1); }

}  // namespace guest
