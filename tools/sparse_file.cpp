// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads such files block by block, past their holes.
#include "sparse_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "error.hpp"

namespace tools {
namespace {

namespace fs = std::filesystem;

constexpr off_t block_bytes = 65536;

class Descriptor final {
public:
    Descriptor(const fs::path& file, int flags) : number{open(file.c_str(), flags | O_CLOEXEC)} {}
    ~Descriptor() { if (number >= 0) close(number); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    const int number;
};

// visit(offset, words, bytes, whether all of them are zero) for each block that may have data; what lies behind the file's end in the last one
// is zero. False: a read failed, and errno says why.
template <class Visit>
bool visit_blocks(int fd, Visit&& visit) {
    std::vector<uint64_t> words(block_bytes / sizeof(uint64_t));
    off_t at = lseek(fd, 0, SEEK_DATA);
    while (at >= 0) {
        at -= at % block_bytes;
        std::fill(words.begin(), words.end(), 0);
        const ssize_t got = pread(fd, words.data(), block_bytes, at);
        if (got < 0) return false;
        if (got == 0) return true;
        visit(at, words, got, std::all_of(words.begin(), words.end(), [](uint64_t w) { return w == 0; }));
        at = lseek(fd, at + got, SEEK_DATA);
    }
    return errno == ENXIO;  // nothing but a hole up to the end
}

class Hash final {
public:
    void add(uint64_t word) {
        value_ = (value_ ^ word) * 0x9E3779B97F4A7C15;
        value_ ^= value_ >> 32;
    }
    [[nodiscard]] std::string text() const {
        char digits[20];
        std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(value_));
        return digits;
    }

private:
    uint64_t value_ = 1;
};

}  // namespace

void dig_holes(const fs::path& file) {
    const Descriptor f{file, O_RDWR};
    if (f.number < 0) return;
    (void)visit_blocks(f.number, [&](off_t at, const auto&, ssize_t bytes, bool zero) {
        if (zero) (void)fallocate(f.number, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, at, bytes);
    });
}

std::string content_hash(const std::vector<fs::path>& files) {
    Hash hash;
    for (const fs::path& file : files) {
        const Descriptor f{file, O_RDONLY};
        struct stat status {};
        if (f.number < 0 || fstat(f.number, &status) != 0) throw InputError{file.string(), std::string{"cannot be read: "} + std::strerror(errno)};
        hash.add(static_cast<uint64_t>(status.st_size));
        const bool read = visit_blocks(f.number, [&](off_t at, const std::vector<uint64_t>& words, ssize_t, bool zero) {
            if (zero) return;
            hash.add(static_cast<uint64_t>(at));
            for (const uint64_t word : words) hash.add(word);
        });
        if (!read) throw InputError{file.string(), std::string{"cannot be read: "} + std::strerror(errno)};
    }
    return hash.text();
}

}  // namespace tools
