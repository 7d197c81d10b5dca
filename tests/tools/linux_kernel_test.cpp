// SPDX-License-Identifier: LGPL-2.1-or-later
// Headers of Linux kernel images, good and bad, and what linux-image says to them.
#include <gtest/gtest.h>

#include <cstring>

#include "small_trace.hpp"
#include "tools/error.hpp"
#include "tools/linux_kernel.hpp"

namespace {

// A header of the boot protocol's version 2.12 with four sectors of set-up code, and the kernel proper.
class Image final {
public:
    Image() : bytes_(5 * 512 + 64 * 16, '\0') {
        set<uint8_t>(0x1F1, 4), set<uint32_t>(0x1F4, 64), set<uint16_t>(0x1FE, 0xAA55), set<uint16_t>(0x206, 0x20C), set<uint16_t>(0x20E, 0x300 - 0x200);
        set<uint8_t>(0x211, 1), set<uint32_t>(0x22C, 0x7FFFFFFF), set<uint32_t>(0x238, 2047);
        put(0x202, "HdrS"), put(0x300, "6.1.0-50-686 (builder@host) #1 SMP");
    }
    template <class T>
    Image& set(size_t at, T value) { return std::memcpy(bytes_.data() + at, &value, sizeof value), *this; }
    Image& put(size_t at, const std::string& text) { return bytes_.replace(at, text.size(), text), *this; }
    Image& cut(size_t size) { return bytes_.resize(size), *this; }

    [[nodiscard]] tools::LinuxKernel read() const { return read(bytes_); }
    [[nodiscard]] static tools::LinuxKernel read(const std::string& bytes) {
        const tests::TemporaryDirectory directory;
        tests::write_file(directory.path() / "kernel", bytes);
        return tools::read_linux_kernel(directory.path() / "kernel");
    }

private:
    std::string bytes_;
};

std::string complaint(const std::string& bytes) {
    try {
        (void)Image::read(bytes);
        return "";
    } catch (const tools::InputError& e) {
        return e.what();
    }
}
std::string complaint(const Image& image) {
    try {
        (void)image.read();
        return "";
    } catch (const tools::InputError& e) {
        return e.what();
    }
}
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(LinuxKernel, SaysWhatItTakes) {
    const tools::LinuxKernel kernel = Image{}.read();
    EXPECT_EQ(kernel.version, "6.1.0-50-686");
    EXPECT_EQ(kernel.longest_command_line, 2047u);
    EXPECT_EQ(kernel.last_initramfs_address, 0x7FFFFFFFu);
    EXPECT_FALSE(kernel.is_64_bit);
    EXPECT_TRUE(Image{}.set<uint16_t>(0x236, 0x3F).read().is_64_bit);
    EXPECT_FALSE(Image{}.set<uint16_t>(0x236, 0x3E).read().is_64_bit) << "only bit 0 says so";
    EXPECT_EQ(Image{}.set<uint16_t>(0x20E, 0).read().version, "");
}

// A field that the protocol's version does not have yet is something else's bytes.
TEST(LinuxKernel, OldProtocolsHaveTheirLimits) {
    const auto at = [](uint16_t version) { return Image{}.set(0x206, version).set<uint16_t>(0x236, 1).read(); };
    EXPECT_EQ(at(0x205).longest_command_line, 255u);
    EXPECT_EQ(at(0x206).longest_command_line, 2047u);
    EXPECT_EQ(at(0x202).last_initramfs_address, 0x37FFFFFFu);
    EXPECT_EQ(at(0x203).last_initramfs_address, 0x7FFFFFFFu);
    EXPECT_FALSE(at(0x20B).is_64_bit);
    EXPECT_TRUE(at(0x20C).is_64_bit);
    EXPECT_EQ(Image{}.set<uint32_t>(0x238, 0).read().longest_command_line, 255u);
}

TEST(LinuxKernel, OtherFilesAreNamed) {
    EXPECT_TRUE(has(complaint(Image{}.put(0x202, "Hdrs")), "is no Linux kernel image"));
    EXPECT_TRUE(has(complaint(Image{}.set<uint16_t>(0x1FE, 0xAA54)), "is no Linux kernel image"));
    EXPECT_TRUE(has(complaint(Image{}.set<uint8_t>(0x211, 0x80)), "is a zImage"));
    EXPECT_TRUE(has(complaint(Image{}.set<uint16_t>(0x206, 0x1FF)), "is a zImage"));
    EXPECT_TRUE(has(complaint(""), "is no Linux kernel image"));
    EXPECT_TRUE(has(complaint(std::string(64, '\0')), "is no Linux kernel image"));
    EXPECT_TRUE(has(complaint("\177ELF" + std::string(5000, '\0')), "is an ELF file"));
    EXPECT_TRUE(has(complaint("\037\213" + std::string(5000, '\0')), "is a compressed file"));
    EXPECT_TRUE(has(complaint("070701" + std::string(5000, '0')), "is a cpio archive"));
    EXPECT_TRUE(has(complaint("!<arch>\n" + std::string(5000, ' ')), "is a package"));
    EXPECT_THROW((void)tools::read_linux_kernel("/dev/null/none"), tools::InputError);
    EXPECT_THROW((void)tools::read_linux_kernel("/"), tools::InputError);
}

TEST(LinuxKernel, ACutOffFileIsFound) {
    const size_t whole = 5 * 512 + 64 * 16;
    EXPECT_EQ(complaint(Image{}.cut(whole - 15)), "") << "the size is in paragraphs";
    EXPECT_TRUE(has(complaint(Image{}.cut(whole - 16)), "is cut off"));
    EXPECT_TRUE(has(complaint(Image{}.cut(0x23C)), "is cut off"));
    EXPECT_EQ(complaint(Image{}.set<uint16_t>(0x206, 0x203).cut(5 * 512)), "") << "its syssize is of 16 bits, and not to be relied on";
    EXPECT_TRUE(has(complaint(Image{}.set<uint8_t>(0x1F1, 0).set<uint16_t>(0x206, 0x203).cut(4 * 512)), "is cut off")) << "no sectors means four";
}

}  // namespace
