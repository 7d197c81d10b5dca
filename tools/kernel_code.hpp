// SPDX-License-Identifier: LGPL-2.1-or-later
// A kernel's code for CodeFile: an ELF file as it is, or the vmlinux that a Linux kernel image has in it, unpacked.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "temporary_directory.hpp"

namespace tools {

class KernelCode final {
public:
    // `guest`: of the recording, "Linux 6.1.0-50-686"; or empty. Throws InputError if the file is neither, or the image of another Linux.
    explicit KernelCode(const std::filesystem::path& file, const std::string& guest = {});

    [[nodiscard]] const std::filesystem::path& file() const { return file_; }  // while this lives

private:
    void unpack(const std::filesystem::path& image, const std::string& guest);

    std::filesystem::path file_;
    std::optional<TemporaryDirectory> directory_;
};

}  // namespace tools
