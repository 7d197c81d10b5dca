// SPDX-License-Identifier: LGPL-2.1-or-later
// A bootable CD: ISOLINUX, which loads one kernel without a menu and without a wait.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace tools {

inline constexpr char cd_application[] = "ZONESCOPE";  // ISO 9660's application identifier: by it we know our own again

struct BootCd {
    struct File {
        std::filesystem::path from;
        std::string name;                // on the CD: eight characters and three, for there are no extensions to ISO 9660
    };
    std::vector<File> files;
    std::string script;                  // the lines of ISOLINUX' label: KERNEL, INITRD, APPEND
};

// Writes the CD without network or root; `scratch` is a directory for what is on the way. The same files and script give the same
// bytes at any time. Throws InputError if a part or xorriso is missing, Failure if xorriso fails (a full disk).
void make_cd(const BootCd& cd, const std::filesystem::path& iso, const std::filesystem::path& scratch);

// Whether the file is an ISO 9660 image, and whether one that make_cd wrote.
[[nodiscard]] bool is_iso(const std::filesystem::path& file);
[[nodiscard]] bool is_our_cd(const std::filesystem::path& file);

}  // namespace tools
