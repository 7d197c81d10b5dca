// SPDX-License-Identifier: LGPL-2.1-or-later
// What the header of a Linux kernel image for x86 (a bzImage, Debian's vmlinuz) says about it. Linux: Documentation/arch/x86/boot.rst.
#pragma once

#include <stdint.h>

#include <filesystem>
#include <string>

namespace tools {

struct LinuxKernel {
    std::string version;              // "6.1.0-50-686", the first word of what it calls itself; empty if it does not
    uint32_t longest_command_line{};  // bytes, without the zero at the end; not 0
    uint32_t last_initramfs_address{};
    bool is_64_bit{};
    uint64_t payload_at{}, payload_bytes{};  // vmlinux, compressed, in the file; 0: the header is too old to say
};

// Throws InputError if the file is no such image, saying what it is instead, or not all of one.
[[nodiscard]] LinuxKernel read_linux_kernel(const std::filesystem::path& file);

}  // namespace tools
