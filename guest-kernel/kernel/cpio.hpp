// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads a cpio archive in the "newc" format, as Linux' initramfs is (Documentation/early-userspace/buffer-format.txt). Knows no
// hardware and trusts nothing in the archive.
//
//   | 110 bytes: "070701", 13 numbers of 8 hex digits | name, NUL | to 4 bytes | contents | to 4 bytes |  ... "TRAILER!!!"
#pragma once

#include <stdint.h>

namespace guest {

struct CpioEntry {
    const char* name;  // ends with a NUL
    const char* contents;
    uint32_t bytes;
    uint32_t mode;     // what Unix' stat has

    bool is_file() const { return (mode & 0170000) == 0100000; }
};

enum class CpioStatus : uint8_t { entry, end, no_magic, bad_number, bad_name, cut_off };

// Linux' words where it has some (init/initramfs.c).
constexpr const char* describe(CpioStatus s) {
    constexpr const char* texts[] = {"an entry", "the end", "no cpio magic", "a number that is not hexadecimal",
                                     "a name that does not end", "the archive is cut off"};
    return texts[static_cast<unsigned>(s)];
}

class CpioReader final {
public:
    CpioReader(const char* archive, uint32_t bytes) : archive_{archive}, bytes_{bytes} {}

    // The next entry, or why there is none: `end` at the trailer, else what is wrong at offset(). Nothing follows then.
    [[nodiscard]] CpioStatus next(CpioEntry& out);

    uint32_t offset() const { return offset_; }  // of the entry that next() reads, or could not read

private:
    const char* archive_;
    uint32_t bytes_, offset_ = 0;
};

}  // namespace guest
