// SPDX-License-Identifier: LGPL-2.1-or-later
// The archive reader on archives that are good, cut off and corrupt. The sanitizers' build sees a read outside of one.
#include "guest-kernel/kernel/cpio.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "tests/guest/random.hpp"

namespace guest_test {
namespace {

using guest::CpioEntry;
using guest::CpioReader;
using guest::CpioStatus;

struct File {
    std::string name, contents;
};

constexpr uint32_t regular = 0100755, folder = 040755;

void pad(std::string& archive) { archive.resize((archive.size() + 3) / 4 * 4); }

void append(std::string& archive, const std::string& name, const std::string& contents, uint32_t mode) {
    char header[111];
    std::snprintf(header, sizeof header, "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X", 1u, mode, 0u, 0u, 1u, 0u,
                  static_cast<unsigned>(contents.size()), 0u, 0u, 0u, 0u, static_cast<unsigned>(name.size() + 1), 0u);
    archive += header;
    archive.append(name.c_str(), name.size() + 1);
    pad(archive);
    archive += contents;
    pad(archive);
}

std::string archive_of(const std::vector<File>& files) {
    std::string archive;
    append(archive, "bin", "", folder);
    for (const File& file : files) append(archive, file.name, file.contents, regular);
    append(archive, "TRAILER!!!", "", 0);
    archive.resize((archive.size() + 511) / 512 * 512);
    return archive;
}

// An exact copy on the heap, so that a read behind it is one that a sanitizer sees.
struct Copy {
    explicit Copy(const std::string& archive) : bytes(archive.begin(), archive.end()) { bytes.shrink_to_fit(); }
    CpioReader reader() const { return {bytes.data(), static_cast<uint32_t>(bytes.size())}; }
    std::vector<char> bytes;
};

// Reads to the end or the first error, looking at every byte that the reader promised.
CpioStatus read_all(const Copy& copy, std::vector<File>& files) {
    CpioReader reader = copy.reader();
    CpioEntry entry{};
    for (;;) {
        const CpioStatus status = reader.next(entry);
        EXPECT_LE(reader.offset(), copy.bytes.size());
        if (status != CpioStatus::entry) return status;
        if (entry.is_file()) files.push_back({entry.name, std::string(entry.contents, entry.bytes)});
    }
}

const std::vector<File> some_files = {{"bin/a", "x"}, {"bin/bb", ""}, {"bin/ccc", std::string(5000, 'y')}, {"bin/dddd", "1234"}};

TEST(CpioTest, ReadsWhatIsThere) {
    std::vector<File> files;
    EXPECT_EQ(read_all(Copy{archive_of(some_files)}, files), CpioStatus::end);
    ASSERT_EQ(files.size(), some_files.size());
    for (size_t i = 0; i < files.size(); ++i) {
        EXPECT_EQ(files[i].name, some_files[i].name);
        EXPECT_EQ(files[i].contents, some_files[i].contents);
    }
}

TEST(CpioTest, SaysWhatIsWrongAndWhere) {
    const std::string good = archive_of(some_files);
    const auto second = static_cast<uint32_t>(good.find("070701", 6));
    const auto damaged = [&](uint32_t at, char c) {
        std::string archive = good;
        archive[at] = c;
        Copy copy{archive};
        CpioReader reader = copy.reader();
        CpioEntry entry{};
        EXPECT_EQ(reader.next(entry), CpioStatus::entry);
        const CpioStatus status = reader.next(entry);
        EXPECT_EQ(reader.offset(), second);
        return status;
    };
    EXPECT_EQ(damaged(second + 5, '2'), CpioStatus::no_magic) << "070702: with checksums, another format";
    EXPECT_EQ(damaged(second + 6 + 6 * 8, 'g'), CpioStatus::bad_number);
    EXPECT_EQ(damaged(second + 6 + 6 * 8, 'F'), CpioStatus::cut_off) << "a file of 4 GiB";
    EXPECT_EQ(damaged(second + 6 + 11 * 8, 'F'), CpioStatus::cut_off) << "a name of 4 GiB";
    EXPECT_EQ(damaged(second + 110 + 5, 'z'), CpioStatus::bad_name) << "no NUL at its end";
    EXPECT_STREQ(describe(CpioStatus::no_magic), "no cpio magic");
}

TEST(CpioTest, AnArchiveMayEndAnywhere) {
    const std::string good = archive_of({{"bin/a", "contents"}});
    const size_t trailer = good.find("TRAILER!!!") + 11;
    for (size_t bytes = 0; bytes < trailer; ++bytes) {
        std::vector<File> files;
        EXPECT_NE(read_all(Copy{good.substr(0, bytes)}, files), CpioStatus::end) << bytes;
    }
    std::vector<File> files;
    EXPECT_EQ(read_all(Copy{good.substr(0, trailer)}, files), CpioStatus::end) << "no padding is needed";
}

TEST(CpioTest, SurvivesRandomDamage) {
    Random random;
    const std::string good = archive_of(some_files);
    for (int run = 0; run < 20000; ++run) {
        std::string archive = good;
        for (uint32_t hits = 1 + random.below(4); hits-- > 0;) {
            const uint32_t at = random.one_in(2) ? random.below(300) : random.below(static_cast<uint32_t>(archive.size()));
            archive[at] = random.one_in(2) ? "0123456789abcdefF"[random.below(17)] : static_cast<char>(random.below(256));
        }
        if (random.one_in(4)) archive.resize(random.below(static_cast<uint32_t>(archive.size())));
        std::vector<File> files;
        static_cast<void>(read_all(Copy{archive}, files));
        for (const File& file : files) ASSERT_LE(file.contents.size(), archive.size());
    }
}

}  // namespace
}  // namespace guest_test
