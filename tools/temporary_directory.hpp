// SPDX-License-Identifier: LGPL-2.1-or-later
// A private directory that is gone when its owner is.
#pragma once

#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "error.hpp"

namespace tools {

class TemporaryDirectory final {
public:
    // In TMPDIR or /tmp, readable by this user only. Throws Failure if it cannot be made.
    TemporaryDirectory() {
        std::string pattern = (std::filesystem::temp_directory_path() / "zonescope-XXXXXX").string();
        if (!mkdtemp(pattern.data())) throw Failure{pattern, std::string{"cannot be made: "} + std::strerror(errno) + "; set TMPDIR to a directory with space"};
        path_ = pattern;
    }
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace tools
