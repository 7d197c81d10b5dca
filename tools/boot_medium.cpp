// SPDX-License-Identifier: LGPL-2.1-or-later
// Puts our kernel on a CD.
#include "boot_medium.hpp"

#include <unistd.h>

#include "boot_cd.hpp"
#include "error.hpp"

namespace tools {
namespace {

constexpr uint64_t sector_bytes = 512;
constexpr char kernel_name[] = "kernel.elf", module_name[] = "initrd.img";

// The stripped twin, which takes the BIOS a fifth of the time to read; a kernel that was linked since then has none yet.
std::filesystem::path what_boots(const std::filesystem::path& kernel) {
    const auto stripped = std::filesystem::path{kernel}.replace_extension(".stripped");
    std::error_code missing;
    const auto made = std::filesystem::last_write_time(stripped, missing);
    return !missing && made >= std::filesystem::last_write_time(kernel, missing) && !missing ? stripped : kernel;
}

}  // namespace

std::filesystem::path make_boot_iso(const BootFiles& files, const std::string& command_line, const std::filesystem::path& directory) {
    BootCd cd{{{what_boots(files.kernel), kernel_name}}, std::string{"KERNEL mboot.c32\nAPPEND "} + kernel_name + " " + command_line};
    if (!files.module.empty()) cd.files.push_back({files.module, module_name}), cd.script += std::string{" --- "} + module_name;
    cd.script += "\n";
    const auto iso = directory / "boot.iso";
    make_cd(cd, iso, directory);
    return iso;
}

MachineOptions::Medium medium_of(const std::filesystem::path& image) {
    if (!std::filesystem::is_regular_file(image) || access(image.c_str(), R_OK) != 0)
        throw InputError{image.string(), "cannot be read; --image takes a bootable ISO or raw disk image"};
    if (is_iso(image)) return MachineOptions::Medium::cdrom;
    const auto size = std::filesystem::file_size(image);
    if (size == 0 || size % sector_bytes != 0)
        throw InputError{image.string(), "is no ISO 9660 image, and no raw disk image either: its size is not a multiple of 512 bytes"};
    return MachineOptions::Medium::disk;
}

}  // namespace tools
