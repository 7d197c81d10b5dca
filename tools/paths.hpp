// SPDX-License-Identifier: LGPL-2.1-or-later
// Where zonescope's own files are: in the build directory it stands in, else where `make install` put them.
#pragma once

#include <filesystem>
#include <vector>

namespace tools {

struct Paths {
    std::filesystem::path bochs;         // the emulator with our plugin
    std::filesystem::path bochs_smp;     // the same for several CPUs; slower, and made only when somebody asks
    std::filesystem::path viewer;        // the window of `view`; there only if it could be built
    std::filesystem::path bochs_debug;   // the same for one, with its debugger
    std::filesystem::path kernels;       // directory of kernel-3-1-classic.elf and so on
    std::vector<std::filesystem::path> boot_loader;  // ISOLINUX and its multiboot loader, the files that a boot medium needs
    std::filesystem::path profiles;      // directory of p6.toml and so on
    std::filesystem::path report;        // directory of page.html and so on
    std::filesystem::path chart_library; // what the page's charts are drawn with; there only if it could be fetched
    std::filesystem::path bios, vga_bios;
    std::filesystem::path fonts;         // directory of DejaVuSans.ttf and so on
    bool installed{};                    // false: run from a build directory
};

// Found from the running program's own file, so that any working directory will do. Nothing is checked to exist.
[[nodiscard]] const Paths& paths();

// The version that configure was given, "0.1".
[[nodiscard]] const char* version();

}  // namespace tools
