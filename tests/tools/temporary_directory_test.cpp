// SPDX-License-Identifier: LGPL-2.1-or-later
// Scratch directories go with their owner, or with the next one if the owner was killed; nobody else's go.
#include "temporary_directory.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <optional>
#include <string>

namespace {

namespace fs = std::filesystem;

// A TMPDIR of its own, so that other processes' directories stay out of the counts.
class TemporaryDirectories : public testing::Test {
protected:
    void SetUp() override {
        outer_.emplace();
        if (const char* former = getenv("TMPDIR")) former_ = former;
        setenv("TMPDIR", outer_->path().c_str(), 1);
    }
    void TearDown() override {
        if (former_) setenv("TMPDIR", former_->c_str(), 1);
        else unsetenv("TMPDIR");
    }

    // Makes a directory, tells its name and is killed.
    fs::path killed_owner() {
        int ends[2];
        EXPECT_EQ(pipe(ends), 0);
        const pid_t child = fork();
        if (child == 0) {
            const tools::TemporaryDirectory scratch;
            const std::string name = scratch.path().string();
            const ssize_t told = write(ends[1], name.data(), name.size());
            raise(told > 0 ? SIGKILL : SIGTERM);
        }
        close(ends[1]);
        char name[256];
        const ssize_t bytes = read(ends[0], name, sizeof name);
        EXPECT_GT(bytes, 0);
        close(ends[0]);
        EXPECT_EQ(waitpid(child, nullptr, 0), child);
        return std::string{name, static_cast<size_t>(bytes > 0 ? bytes : 0)};
    }

    fs::path outer() const { return outer_->path(); }

private:
    std::optional<tools::TemporaryDirectory> outer_;
    std::optional<std::string> former_;
};

TEST_F(TemporaryDirectories, GoWithTheirOwner) {
    fs::path path;
    {
        const tools::TemporaryDirectory scratch;
        path = scratch.path();
        EXPECT_EQ(path.parent_path(), outer());
        std::ofstream{path / "file"} << "text";
        EXPECT_TRUE(fs::exists(path / "file"));
    }
    EXPECT_FALSE(fs::exists(path));
}

TEST_F(TemporaryDirectories, OfAKilledOwnerGoesWithTheNext) {
    const fs::path left = killed_owner();
    ASSERT_TRUE(fs::exists(left));
    const tools::TemporaryDirectory next;
    EXPECT_FALSE(fs::exists(left));
}

TEST_F(TemporaryDirectories, OfALivingOwnerStays) {
    const tools::TemporaryDirectory first, second;
    EXPECT_TRUE(fs::exists(first.path()));
    EXPECT_TRUE(fs::exists(second.path()));
}

TEST_F(TemporaryDirectories, WhatIsNotOursStays) {
    const fs::path mine = outer() / "zonescope-output";
    fs::create_directory(mine);
    const fs::path left = killed_owner(), link = outer() / "zonescope-linked";
    fs::create_directory_symlink(mine, link);
    const tools::TemporaryDirectory next;
    EXPECT_FALSE(fs::exists(left));
    EXPECT_TRUE(fs::exists(mine));
    EXPECT_TRUE(fs::is_symlink(link));
}

}  // namespace
