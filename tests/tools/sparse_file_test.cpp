// SPDX-License-Identifier: LGPL-2.1-or-later
// Files with holes.
#include "sparse_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "error.hpp"
#include "small_trace.hpp"

namespace tools {
namespace {

namespace fs = std::filesystem;

constexpr size_t bytes = 4 << 20;

class SparseFile : public testing::Test {
protected:
    // Zeros but for a letter at each of these places.
    fs::path file(const char* name, std::initializer_list<size_t> letters, size_t size = bytes) const {
        std::string content(size, '\0');
        for (const size_t at : letters) content[at] = 'x';
        std::ofstream{directory_.path() / name, std::ios::binary} << content;
        return directory_.path() / name;
    }
    static uint64_t on_disk(const fs::path& f) {
        struct stat status {};
        EXPECT_EQ(stat(f.c_str(), &status), 0);
        return static_cast<uint64_t>(status.st_blocks) * 512;
    }
    const tests::TemporaryDirectory directory_;
};

TEST_F(SparseFile, HolesDoNotChangeWhatIsInIt) {
    const fs::path a = file("a", {0, 70000, bytes - 1}), b = file("b", {0, 70000, bytes - 1});
    const std::string hash = content_hash({a});
    dig_holes(b);
    EXPECT_EQ(tests::read_file(b), tests::read_file(a));
    EXPECT_EQ(content_hash({b}), hash);
    EXPECT_EQ(fs::file_size(b), bytes);
    if (on_disk(b) == on_disk(a)) GTEST_SKIP() << "this file system keeps no holes";
    EXPECT_LE(on_disk(b), 3 * 65536u);
}

TEST_F(SparseFile, AHashTellsContentsPlacesAndLengths) {
    const std::vector<fs::path> files{file("one", {5}),   file("other", {6}),          file("far", {65536 + 5}), file("empty", {}, 0),
                                      file("zeros", {}), file("end", {bytes - 1}),     file("short", {5}, bytes - 1),
                                      file("long", {5}, bytes + 1), file("odd", {0}, 3)};
    std::vector<std::string> hashes;
    for (const fs::path& f : files) hashes.push_back(content_hash({f}));
    for (size_t i = 0; i < hashes.size(); ++i)
        for (size_t j = 0; j < i; ++j) EXPECT_NE(hashes[i], hashes[j]) << files[i] << ' ' << files[j];
    EXPECT_NE(content_hash({files[0], files[1]}), content_hash({files[1], files[0]}));
    EXPECT_EQ(content_hash({files[0]}).size(), 16u);
}

TEST_F(SparseFile, SaysWhatCannotBeRead) { EXPECT_THROW((void)content_hash({directory_.path() / "none"}), InputError); }

}  // namespace
}  // namespace tools
