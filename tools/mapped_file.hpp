// SPDX-License-Identifier: LGPL-2.1-or-later
// A whole file as read-only memory, given back behind the reader so that a long trace takes constant memory.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <filesystem>

namespace tools {

class MappedFile final {
public:
    // Throws InputError if the file cannot be opened; an empty file is a mapping of no bytes.
    explicit MappedFile(const std::filesystem::path& file);
    ~MappedFile();
    MappedFile(MappedFile&& other) noexcept;
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;
    MappedFile& operator=(MappedFile&& other) noexcept;

    [[nodiscard]] const uint8_t* data() const { return data_; }
    [[nodiscard]] size_t size() const { return size_; }  // bytes, as the file was when it was opened

    // The reader is done with the bytes below `offset` for now: their pages may leave memory. They can be read again.
    void release_below(size_t offset);

private:
    const uint8_t* data_ = nullptr;
    size_t size_ = 0;
    size_t released_ = 0;
};

}  // namespace tools
