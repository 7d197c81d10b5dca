// SPDX-License-Identifier: LGPL-2.1-or-later
// The CD that a recording boots: one of our kernels with its command line, or what the user gave.
#pragma once

#include <filesystem>
#include <string>

#include "bochsrc.hpp"

namespace tools {

struct BootFiles {
    std::filesystem::path kernel;
    std::filesystem::path module;  // empty: none
};

// Makes `directory`/boot.iso with ISOLINUX, the kernel (its stripped twin), its command line and its boot module, without
// network or root. Throws InputError if a part or xorriso is missing, Failure if xorriso fails (a full disk).
[[nodiscard]] std::filesystem::path make_boot_iso(const BootFiles& files, const std::string& command_line, const std::filesystem::path& directory);

// What kind of medium the user's file is: ISO 9660, or a raw disk image. Throws InputError if it is neither.
[[nodiscard]] MachineOptions::Medium medium_of(const std::filesystem::path& image);

}  // namespace tools
