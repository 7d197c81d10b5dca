// SPDX-License-Identifier: LGPL-2.1-or-later
// Calls xorriso.
#include "boot_medium.hpp"

#include <array>
#include <fstream>

#include "child_process.hpp"
#include "error.hpp"
#include "paths.hpp"

namespace tools {
namespace {

constexpr std::streamoff iso_signature_at = 16 * 2048 + 1;  // ISO 9660 (ECMA-119), 8.1: primary volume descriptor
constexpr uint64_t sector_bytes = 512;
constexpr char module_name[] = "initrd.img";  // ISO 9660 without extensions: eight characters and three

void copy_part(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (!std::filesystem::exists(from)) throw InputError{from.string(), "not found; run `make` (or `./setup`) again"};
    std::error_code error;
    std::filesystem::copy_file(from, to, error);
    if (error) throw Failure{to.string(), "cannot be written: " + error.message()};
}

// The stripped twin, which takes the BIOS a fifth of the time to read; a kernel that was linked since then has none yet.
std::filesystem::path what_boots(const std::filesystem::path& kernel) {
    const auto stripped = std::filesystem::path{kernel}.replace_extension(".stripped");
    std::error_code missing;
    const auto made = std::filesystem::last_write_time(stripped, missing);
    return !missing && made >= std::filesystem::last_write_time(kernel, missing) && !missing ? stripped : kernel;
}

// Boots without a menu and without a wait.
void write_script(const std::filesystem::path& at, const std::string& words) {
    std::ofstream script{at};
    script << "DEFAULT zonescope\nPROMPT 0\nLABEL zonescope\nKERNEL mboot.c32\nAPPEND kernel.elf " << words << "\n";
    script.close();
    if (!script) throw Failure{at.string(), "cannot be written; is the disk full?"};
}

}  // namespace

std::filesystem::path make_boot_iso(const BootFiles& files, const std::string& command_line, const std::filesystem::path& directory) {
    const auto stage = directory / "cd", iso = directory / "boot.iso", log = directory / "xorriso.log";
    std::filesystem::create_directory(stage);
    copy_part(what_boots(files.kernel), stage / "kernel.elf");
    if (!files.module.empty()) copy_part(files.module, stage / module_name);
    for (const auto& file : paths().boot_loader) copy_part(file, stage / file.filename());
    write_script(stage / "isolinux.cfg", files.module.empty() ? command_line : command_line + " --- " + module_name);
    ChildProcess xorriso{{find_program("xorriso", "xorriso").string(), "-as", "mkisofs", "-quiet", "-o", iso.string(), "-b", "isolinux.bin", "-no-emul-boot",
                          "-boot-load-size", "4", "-boot-info-table", stage.string()},
                         {directory, log, log}};
    std::optional<int> status;
    while (!status) status = xorriso.wait(std::chrono::seconds{1});
    if (*status != 0) throw Failure{iso.string(), "xorriso failed (" + describe_wait_status(*status) + "): " + tail_of(log)};
    return iso;
}

MachineOptions::Medium medium_of(const std::filesystem::path& image) {
    std::ifstream in{image, std::ios::binary};
    if (!in || !std::filesystem::is_regular_file(image)) throw InputError{image.string(), "cannot be read; --image takes a bootable ISO or raw disk image"};
    std::array<char, 5> signature{};
    in.seekg(iso_signature_at);
    if (in.read(signature.data(), signature.size()) && std::string{signature.data(), signature.size()} == "CD001") return MachineOptions::Medium::cdrom;
    const auto size = std::filesystem::file_size(image);
    if (size == 0 || size % sector_bytes != 0)
        throw InputError{image.string(), "is no ISO 9660 image, and no raw disk image either: its size is not a multiple of 512 bytes"};
    return MachineOptions::Medium::disk;
}

}  // namespace tools
