// SPDX-License-Identifier: LGPL-2.1-or-later
// Makes a directory with a locked file in it, and removes those whose lock nobody holds.
#include "temporary_directory.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "error.hpp"

namespace tools {
namespace {

namespace fs = std::filesystem;

constexpr char prefix[] = "zonescope-", lock_file[] = ".zonescope-scratch";

// The file with its lock, or -1: somebody holds it, there is no such file, or it is another user's. Programs that are
// started do not inherit it.
int lock(const fs::path& path, int flags) {
    const int file = open(path.c_str(), flags | O_RDWR | O_NOFOLLOW | O_CLOEXEC, 0600);
    struct stat found;
    if (file >= 0 && flock(file, LOCK_EX | LOCK_NB) == 0 && fstat(file, &found) == 0 && found.st_uid == geteuid()) return file;
    if (file >= 0) close(file);
    return -1;
}

// Locked before it has its name: nobody can come between.
int make_locked(const fs::path& directory) {
    const fs::path unnamed = directory / ".new";
    const int file = lock(unnamed, O_CREAT | O_EXCL);
    if (file < 0 || rename(unnamed.c_str(), (directory / lock_file).c_str()) == 0) return file;
    close(file);
    return -1;
}

// A directory without our file is left alone, whatever its name.
void remove_abandoned(const fs::path& parent) {
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator{parent, ignored}) {
        if (entry.path().filename().string().rfind(prefix, 0) != 0 || !fs::is_directory(entry.symlink_status(ignored))) continue;
        const int file = lock(entry.path() / lock_file, 0);
        if (file < 0) continue;
        fs::remove_all(entry.path(), ignored);
        close(file);
    }
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
    const fs::path parent = fs::temp_directory_path();
    remove_abandoned(parent);
    std::string pattern = (parent / (std::string{prefix} + "XXXXXX")).string();
    const bool made = mkdtemp(pattern.data());
    if (made) lock_ = make_locked(pattern);
    if (lock_ < 0) {
        const int reason = errno;
        std::error_code ignored;
        if (made) fs::remove_all(pattern, ignored);
        throw Failure{pattern, std::string{"cannot be made: "} + std::strerror(reason) + "; set TMPDIR to a directory with space"};
    }
    path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
    close(lock_);
}

}  // namespace tools
