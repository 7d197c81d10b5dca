// SPDX-License-Identifier: LGPL-2.1-or-later
// A private directory that is gone when its owner is; one whose owner was killed goes when the next is made.
#pragma once

#include <filesystem>

namespace tools {

class TemporaryDirectory final {
public:
    // In TMPDIR or /tmp, readable by this user only. Throws Failure if it cannot be made.
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
    int lock_ = -1;  // of the file that makes the directory ours; free as soon as this process has ended, however it did
};

}  // namespace tools
