// SPDX-License-Identifier: LGPL-2.1-or-later
// The bytes of a guest's code by linear address, from the segments of its 32-bit ELF file. Such a file is input like any other: nothing in it
// is believed.
#pragma once

#include <stdint.h>

#include <optional>
#include <string_view>
#include <vector>

#include "mapped_file.hpp"

namespace tools {

class CodeFile final {
public:
    // No code if the file cannot be read, or is no such file. `moved_by` is added to its addresses.
    explicit CodeFile(const std::filesystem::path& file, uint32_t moved_by = 0);

    [[nodiscard]] bool empty() const { return segments_.empty(); }

    // At most `bytes` from the address on: as many as the file has in one piece, perhaps none.
    [[nodiscard]] std::string_view at(uint32_t address, uint32_t bytes) const;

private:
    struct Segment {
        uint32_t address;
        std::string_view bytes;
    };
    std::optional<MappedFile> file_;
    std::vector<Segment> segments_;
};

}  // namespace tools
