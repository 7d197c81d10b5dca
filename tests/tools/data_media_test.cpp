// SPDX-License-Identifier: LGPL-2.1-or-later
// The data disk and the floppy: every block says its number, and the same configuration line names them.
#include <gtest/gtest.h>

#include <fstream>

#include "bochsrc.hpp"
#include "data_media.hpp"
#include "error.hpp"
#include "guest-kernel/kernel/io/media_label.hpp"
#include "temporary_directory.hpp"

namespace {

namespace fs = std::filesystem;

uint32_t word_at(const fs::path& file, uint64_t offset) {
    std::ifstream in{file, std::ios::binary};
    uint32_t word = 0xFFFFFFFF;
    in.seekg(static_cast<std::streamoff>(offset));
    in.read(reinterpret_cast<char*>(&word), sizeof word);
    return word;
}

TEST(DataMedia, EveryBlockStartsWithItsNumber) {
    const tools::TemporaryDirectory scratch;
    const tools::DataMedia media = tools::make_data_media(scratch.path());
    const auto check = [](const fs::path& file, const guest::MediaLabel& label) {
        EXPECT_EQ(fs::file_size(file), uint64_t{label.block_bytes} * label.blocks);
        for (uint32_t block = 0; block < label.blocks; block += block < 3 ? 1 : 97)
            EXPECT_EQ(word_at(file, uint64_t{label.block_bytes} * block), block < label.swap_start ? block : 0) << file << " block " << block;
        guest::MediaLabel read{};
        std::ifstream in{file, std::ios::binary};
        in.read(reinterpret_cast<char*>(&read), sizeof read);
        EXPECT_TRUE(read.valid());
        EXPECT_EQ(read.blocks, label.blocks);
        EXPECT_EQ(read.swap_start, label.swap_start);
    };
    check(media.disk, guest::disk_label);
    check(media.floppy, guest::floppy_label);
}

TEST(DataMedia, IsNotMadeTwiceInOnePlace) {
    const tools::TemporaryDirectory scratch;
    (void)tools::make_data_media(scratch.path());
    EXPECT_THROW((void)tools::make_data_media(scratch.path()), tools::Failure);
}

TEST(DataMedia, OnlyOurOwnKernelHasThem) {
    tools::MachineOptions machine;
    machine.image = "/boot.iso", machine.scratch = "/tmp", machine.trace = "/trace";
    EXPECT_NE(tools::bochsrc_text(machine).find("ata1: enabled=0\n"), std::string::npos);
    machine.data = {"/disk", "/floppy"};
    const std::string text = tools::bochsrc_text(machine);
    EXPECT_NE(text.find("ata1-master: type=disk, mode=flat, path=\"/disk\"\n"), std::string::npos);
    EXPECT_NE(text.find("floppya: 1_44=\"/floppy\", status=inserted\n"), std::string::npos);
    EXPECT_NE(text.find("boot: cdrom\n"), std::string::npos);
}

}  // namespace
