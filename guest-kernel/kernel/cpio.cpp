// SPDX-License-Identifier: LGPL-2.1-or-later
// Every length is compared with what is left before it is used.
#include "guest-kernel/kernel/cpio.hpp"

namespace guest {
namespace {

constexpr uint32_t magic_bytes = 6, digits = 8, header_bytes = magic_bytes + 13 * digits;
static_assert(header_bytes == 110);
enum Field : unsigned { mode_field = 1, size_field = 6, name_size_field = 11 };

constexpr uint32_t to_word(uint32_t bytes) { return (bytes + 3) & ~3u; }

bool same(const char* a, const char* b, uint32_t bytes) {
    for (uint32_t i = 0; i < bytes; ++i)
        if (a[i] != b[i]) return false;
    return true;
}

bool digit(char c, uint32_t& value) {
    if (c >= '0' && c <= '9') value = static_cast<uint32_t>(c - '0');
    else if (c >= 'a' && c <= 'f') value = static_cast<uint32_t>(c - 'a') + 10;
    else if (c >= 'A' && c <= 'F') value = static_cast<uint32_t>(c - 'A') + 10;
    else return false;
    return true;
}

bool number(const char* header, Field field, uint32_t& out) {
    const char* at = header + magic_bytes + field * digits;
    out = 0;
    for (unsigned i = 0; i < digits; ++i) {
        uint32_t value;
        if (!digit(at[i], value)) return false;
        out = out << 4 | value;
    }
    return true;
}

}  // namespace

CpioStatus CpioReader::next(CpioEntry& out) {
    const uint32_t left = bytes_ - offset_;
    const char* const header = archive_ + offset_;
    if (left < magic_bytes || !same(header, "070701", magic_bytes)) return CpioStatus::no_magic;
    if (left < header_bytes) return CpioStatus::cut_off;
    uint32_t name_bytes;
    if (!number(header, mode_field, out.mode) || !number(header, size_field, out.bytes) ||
        !number(header, name_size_field, name_bytes))
        return CpioStatus::bad_number;
    if (name_bytes > left - header_bytes) return CpioStatus::cut_off;
    out.name = header + header_bytes;
    if (name_bytes == 0 || out.name[name_bytes - 1] != 0) return CpioStatus::bad_name;
    constexpr char trailer[] = "TRAILER!!!";
    if (name_bytes == sizeof trailer && same(out.name, trailer, sizeof trailer)) return CpioStatus::end;

    const uint32_t start = to_word(header_bytes + name_bytes);
    if (start > left || out.bytes > left - start) return CpioStatus::cut_off;
    out.contents = header + start;
    const uint32_t whole = to_word(out.bytes);
    offset_ += start + (whole < left - start && whole >= out.bytes ? whole : left - start);
    return CpioStatus::entry;
}

}  // namespace guest
