// SPDX-License-Identifier: LGPL-2.1-or-later
// Finds the kernel by its banner.
#include "linux_symbols.h"

#include <string.h>

namespace plugin {

using namespace mm;

namespace {

constexpr char banner_start[] = "Linux version ", proc_banner_start[] = "%s version ";
constexpr unsigned longest_banner = 300;
// arch/x86/Kconfig: the least CONFIG_PHYSICAL_ALIGN of 32-bit kernels; arch/x86/include/asm/page_32_types.h: KERNEL_IMAGE_SIZE.
constexpr uint32_t least_alignment = 0x2000, kernel_image_size = 512u << 20;

bool starts_with(const GuestMemory& memory, VirtAddr at, const char* text) {
    uint32_t first = 0;
    memcpy(&first, text, sizeof first);
    return memory.word(at) == first && memory.text(at, static_cast<unsigned>(strlen(text))) == text;
}

std::string line_at(const GuestMemory& memory, VirtAddr at) {
    const std::string text = memory.text(at, longest_banner);
    return text.substr(0, text.find('\n'));
}

}  // namespace

bool LinuxSymbols::locate(const GuestMemory& memory, bool moved) {
    const auto banner = map_.find("linux_banner"), proc_banner = map_.find("linux_proc_banner");
    if (!banner) return false;
    for (uint32_t shift = 0; shift < (moved ? kernel_image_size : least_alignment); shift += least_alignment) {
        if (!starts_with(memory, *banner + shift, banner_start)) continue;
        if (proc_banner && !starts_with(memory, *proc_banner + shift, proc_banner_start)) continue;
        shift_ = shift;
        banner_ = line_at(memory, *banner + shift);
        return true;
    }
    return false;
}

std::string search_banner(const GuestMemory& memory, VirtAddr start, uint32_t bytes) {
    for (uint32_t page = 0; page < bytes; page += page_size) {
        if (!memory.physical(start + page)) continue;
        for (uint32_t at = 0; at < page_size; at += 4)
            if (starts_with(memory, start + page + at, banner_start)) {
                const std::string line = line_at(memory, start + page + at);
                if (line.size() > strlen(banner_start) && strchr("0123456789", line[strlen(banner_start)])) return line;
            }
    }
    return {};
}

}  // namespace plugin
