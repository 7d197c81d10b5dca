// SPDX-License-Identifier: LGPL-2.1-or-later
// The data disk and the floppy that a recording of our own kernel has beside its boot medium: what the kernel reads, writes
// and swaps to. Their contents: guest-kernel/kernel/io/media_label.hpp.
#pragma once

#include <filesystem>

namespace tools {

struct DataMedia {
    std::filesystem::path disk, floppy;  // raw images; the disk is sparse
};

// Makes both in `directory`, the same bytes each time. Throws Failure if they cannot be written.
[[nodiscard]] DataMedia make_data_media(const std::filesystem::path& directory);

}  // namespace tools
