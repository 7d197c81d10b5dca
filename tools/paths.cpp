// SPDX-License-Identifier: LGPL-2.1-or-later
// The only file of the tools that reads build-time configuration: the macros below come from tools/Makefile.am.
#include "paths.hpp"

#include <system_error>

namespace tools {
namespace {

Paths in_build_directory(const std::filesystem::path& build) {
    Paths p;
    p.bochs = build / "bochs/bochs";
    p.bochs_smp = build / "bochs/bochs-smp";
    p.viewer = build / "zonescope-view";
    p.bochs_debug = build / "bochs/bochs-debug";
    p.kernels = build / "guest-kernel";
    p.profiles = std::filesystem::path{ZONESCOPE_SOURCE_DIR} / "share/profiles";
    p.report = std::filesystem::path{ZONESCOPE_SOURCE_DIR} / "tools/report";
    p.chart_library = build / "report/echarts.js";
    return p;
}

Paths in_installation() {
    Paths p;
    p.installed = true;
    p.bochs = std::filesystem::path{ZONESCOPE_LIBEXEC_DIR} / "bochs";
    p.bochs_smp = std::filesystem::path{ZONESCOPE_LIBEXEC_DIR} / "bochs-smp";
    p.viewer = std::filesystem::path{ZONESCOPE_LIBEXEC_DIR} / "zonescope-view";
    p.bochs_debug = std::filesystem::path{ZONESCOPE_LIBEXEC_DIR} / "bochs-debug";
    p.kernels = std::filesystem::path{ZONESCOPE_LIB_DIR};
    p.profiles = std::filesystem::path{ZONESCOPE_DATA_DIR} / "profiles";
    p.report = std::filesystem::path{ZONESCOPE_DATA_DIR} / "report";
    p.chart_library = p.report / "echarts.js";
    return p;
}

Paths find() {
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    const auto here = self.parent_path();
    // config.status marks the top of a build directory, where `zonescope` is linked; test programs stand below it.
    std::filesystem::path top;
    for (auto at = here; !error && at.has_relative_path() && top.empty(); at = at.parent_path())
        if (std::filesystem::exists(at / "config.status")) top = at;
    Paths p = top.empty() ? in_installation() : in_build_directory(top);
    p.boot_loader.push_back(std::filesystem::path{ZONESCOPE_ISOLINUX} / "isolinux.bin");
    for (const char* module : {"mboot.c32", "ldlinux.c32", "libcom32.c32"}) p.boot_loader.push_back(std::filesystem::path{ZONESCOPE_SYSLINUX_MODULES} / module);
    p.fonts = ZONESCOPE_FONTS_DIR;
    p.bios = ZONESCOPE_BIOS;
    p.vga_bios = ZONESCOPE_VGA_BIOS;
    return p;
}

}  // namespace

const Paths& paths() {
    static const Paths found = find();
    return found;
}

const char* version() { return ZONESCOPE_VERSION; }

}  // namespace tools
