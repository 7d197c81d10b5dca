// SPDX-License-Identifier: LGPL-2.1-or-later
// Writes the label and the block numbers; everything else stays a hole in the file.
#include "data_media.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "error.hpp"
#include "guest-kernel/kernel/io/media_label.hpp"

namespace tools {
namespace {

std::filesystem::path make_medium(const std::filesystem::path& file, const guest::MediaLabel& label) {
    const auto failure = [&] { return Failure{file.string(), std::string{"cannot be written: "} + std::strerror(errno)}; };
    const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) throw failure();
    bool good = ftruncate(fd, off_t{label.block_bytes} * label.blocks) == 0;
    for (uint32_t block = 1; good && block < label.swap_start; ++block)
        good = pwrite(fd, &block, sizeof block, off_t{label.block_bytes} * block) == sizeof block;
    good = good && pwrite(fd, &label, sizeof label, 0) == sizeof label;
    if (close(fd) != 0 || !good) throw failure();
    return file;
}

}  // namespace

DataMedia make_data_media(const std::filesystem::path& directory) {
    return {make_medium(directory / "disk.img", guest::disk_label), make_medium(directory / "floppy.img", guest::floppy_label)};
}

}  // namespace tools
