// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the boot protocol's header. Offsets and names are those of Documentation/arch/x86/boot.rst.
#include "linux_kernel.hpp"

#include <cstring>
#include <fstream>
#include <string_view>

#include "error.hpp"

namespace tools {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t sector_bytes = 512, paragraph_bytes = 16;
constexpr uint16_t boot_sector_signature = 0xAA55;
constexpr uint8_t loaded_high = 1 << 0;      // loadflags: a bzImage
constexpr uint16_t kernel_64 = 1 << 0;       // xloadflags: has the 64-bit entry point
constexpr uint8_t default_setup_sectors = 4; // what 0 means
constexpr uint32_t default_command_line = 255, default_initramfs_end = 0x37FFFFFF;
constexpr size_t least_header_bytes = 0x23C, header_bytes = 0x250;  // to cmdline_size; to the last field read
constexpr size_t longest_version = 128;

// The fields that matter, with the version of the protocol that brought them.
constexpr size_t setup_sects_at = 0x1F1, syssize_at = 0x1F4, boot_flag_at = 0x1FE, header_at = 0x202, version_at = 0x206, kernel_version_at = 0x20E,
                 loadflags_at = 0x211, initrd_addr_max_at = 0x22C, xloadflags_at = 0x236, cmdline_size_at = 0x238, payload_offset_at = 0x248, payload_length_at = 0x24C;
constexpr uint16_t has_syssize = 0x204, has_initrd_addr_max = 0x203, has_cmdline_size = 0x206, has_xloadflags = 0x20C, has_payload = 0x208, first_with_high_load = 0x200;
static_assert(cmdline_size_at + sizeof(uint32_t) == least_header_bytes && payload_length_at + sizeof(uint32_t) == header_bytes);

std::string read_bytes(const fs::path& file, uint64_t from, size_t count) {
    std::string bytes(count, '\0');
    std::ifstream in{file, std::ios::binary};
    in.seekg(static_cast<std::streamoff>(from));
    in.read(bytes.data(), static_cast<std::streamsize>(count));
    bytes.resize(static_cast<size_t>(in.gcount()));
    return bytes;
}

template <class T>
T field(const std::string& bytes, size_t at) {
    T value{};
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
}

bool begins(const std::string& bytes, std::string_view with) { return std::string_view{bytes}.substr(0, with.size()) == with; }

[[noreturn]] void refuse(const fs::path& file, const std::string& bytes) {
    const std::string give = "give a bzImage (arch/x86/boot/bzImage, Debian's /boot/vmlinuz-...)";
    std::string what = "is no Linux kernel image for x86";
    if (begins(bytes, "\177ELF")) what = "is an ELF file, such as vmlinux, which no boot loader starts";
    else if (begins(bytes, "\037\213") || begins(bytes, "\3757zXZ") || begins(bytes, "\050\265\057\375")) what = "is a compressed file, or an initramfs";
    else if (begins(bytes, "07070")) what = "is a cpio archive, an initramfs perhaps";
    else if (begins(bytes, "!<arch>")) what = "is a package or an archive, not the kernel in it";
    throw InputError{file.string(), what + "; " + give};
}

// The set-up code and the boot sector before it; the kernel proper follows.
uint64_t setup_bytes(const std::string& bytes) {
    const auto sectors = field<uint8_t>(bytes, setup_sects_at);
    return (uint64_t{sectors ? sectors : default_setup_sectors} + 1) * sector_bytes;
}

// The parts that the header announces.
void check_whole(const fs::path& file, const std::string& bytes) {
    uint64_t announced = setup_bytes(bytes);
    if (field<uint16_t>(bytes, version_at) >= has_syssize) announced += field<uint32_t>(bytes, syssize_at) * paragraph_bytes;
    if (const uint64_t size = fs::file_size(file); size + paragraph_bytes <= announced)
        throw InputError{file.string(), "is cut off: it has " + std::to_string(size) + " bytes, and its header announces " + std::to_string(announced) + "; copy it again"};
}

std::string version_text(const fs::path& file, const std::string& bytes) {
    const auto at = field<uint16_t>(bytes, kernel_version_at);
    if (at == 0) return {};
    const std::string text = read_bytes(file, uint64_t{at} + sector_bytes, longest_version);
    return text.substr(0, text.find_first_of(std::string_view{" \n\0", 3}));
}

}  // namespace

LinuxKernel read_linux_kernel(const fs::path& file) {
    if (!fs::is_regular_file(file)) throw InputError{file.string(), "cannot be read; --kernel takes a bzImage"};
    std::string bytes = read_bytes(file, 0, header_bytes);
    if (bytes.size() < least_header_bytes || field<uint16_t>(bytes, boot_flag_at) != boot_sector_signature || bytes.compare(header_at, 4, "HdrS") != 0) refuse(file, bytes);
    bytes.resize(header_bytes);
    const auto protocol = field<uint16_t>(bytes, version_at);
    if (protocol < first_with_high_load || !(field<uint8_t>(bytes, loadflags_at) & loaded_high))
        throw InputError{file.string(), "is a zImage, or older than Linux 1.3.73; give a bzImage"};
    check_whole(file, bytes);
    LinuxKernel kernel;
    kernel.version = version_text(file, bytes);
    if (protocol >= has_cmdline_size) kernel.longest_command_line = field<uint32_t>(bytes, cmdline_size_at);
    if (kernel.longest_command_line == 0) kernel.longest_command_line = default_command_line;
    kernel.last_initramfs_address = protocol >= has_initrd_addr_max ? field<uint32_t>(bytes, initrd_addr_max_at) : default_initramfs_end;
    kernel.is_64_bit = protocol >= has_xloadflags && field<uint16_t>(bytes, xloadflags_at) & kernel_64;
    if (protocol >= has_payload && field<uint32_t>(bytes, payload_length_at)) {
        kernel.payload_at = setup_bytes(bytes) + field<uint32_t>(bytes, payload_offset_at);
        kernel.payload_bytes = field<uint32_t>(bytes, payload_length_at);
    }
    return kernel;
}

}  // namespace tools
