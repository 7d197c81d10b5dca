// SPDX-License-Identifier: LGPL-2.1-or-later
// Maps files with mmap.
#include "mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "error.hpp"

namespace tools {
namespace {
constexpr size_t release_step = 4u << 20;  // bytes: a system call per 4 MiB
}

MappedFile::MappedFile(const std::filesystem::path& file) {
    // Not blocked by a named pipe that nobody writes to.
    const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) throw InputError{file.string(), std::strerror(errno)};
    struct stat status {};
    const bool known = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    size_ = known ? static_cast<size_t>(status.st_size) : 0;
    void* const at = size_ ? mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, descriptor, 0) : nullptr;
    close(descriptor);
    if (!known) throw InputError{file.string(), "is not a regular file"};
    if (at == MAP_FAILED) throw InputError{file.string(), std::string{"cannot be mapped: "} + std::strerror(errno)};
    data_ = static_cast<const uint8_t*>(at);
    if (size_) madvise(at, size_, MADV_SEQUENTIAL);
}

MappedFile::~MappedFile() {
    if (size_) munmap(const_cast<uint8_t*>(data_), size_);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_{std::exchange(other.data_, nullptr)}, size_{std::exchange(other.size_, 0)}, released_{std::exchange(other.released_, 0)} {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(data_, other.data_), std::swap(size_, other.size_), std::swap(released_, other.released_);
    return *this;
}

void MappedFile::release_below(size_t offset) {
    if (offset < released_) released_ = 0;  // a second pass has begun
    const size_t end = offset / release_step * release_step;
    if (end <= released_) return;
    madvise(const_cast<uint8_t*>(data_) + released_, end - released_, MADV_DONTNEED);
    released_ = end;
}

}  // namespace tools
