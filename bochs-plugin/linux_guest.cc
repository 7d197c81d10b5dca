// SPDX-License-Identifier: LGPL-2.1-or-later
// When to look, and what to say.
#include "linux_guest.h"

#include <stdio.h>

namespace plugin {

using namespace mm;

namespace {

constexpr unsigned most_searches = 16;           // for a moved kernel: each looks at 65,536 places
constexpr uint32_t searched_for_another = 64u << 20;
constexpr char instead[] = "; the zones are those of --zones";

}  // namespace

LinuxGuest::LinuxGuest(const std::string& file) : file_{file}, symbols_{map_} {
    if (!map_.read(file)) warnings_.push_back(map_.problem() + instead), done_ = true;
    else if (!map_.find("linux_banner"))
        warnings_.push_back(file + ": has no symbol linux_banner; give the whole System.map of the kernel that boots" + instead), done_ = true;
}

std::string LinuxGuest::name() const {
    const std::string& banner = symbols_.banner();   // "Linux version 6.1.0-50-686 (debian-kernel@..."
    const size_t start = banner.find("version ");
    if (start == std::string::npos) return {};
    const size_t release = start + sizeof "version " - 1;
    return "Linux " + banner.substr(release, banner.find(' ', release) - release);
}

// arch/x86/Kconfig: VMSPLIT_3G, VMSPLIT_2G and VMSPLIT_1G.
const char* LinuxGuest::split() const {
    switch (regions_.page_offset) {
    case 0xC0000000: return "3:1";
    case 0x80000000: return "2:2";
    case 0x40000000: return "1:3";
    }
    return "";
}

bool LinuxGuest::located(const GuestMemory& memory, bool last) {
    if (!symbols_.banner().empty()) return true;
    const bool moved = last || searches_++ < most_searches;
    if (!symbols_.locate(memory, moved)) return false;
    if (symbols_.shift() != 0) {
        char text[160];
        snprintf(text, sizeof text, "the kernel moved itself by 0x%x bytes (KASLR): the symbols' addresses are those of System.map and this distance", symbols_.shift());
        warnings_.push_back(text);
    }
    return true;
}

bool LinuxGuest::look(const GuestMemory& memory, bool last) {
    if (done_) return false;
    if (!located(memory, last)) return last && (give_up(memory), true);
    const bool knew_zones = !zones_.empty();
    if (!knew_zones) zones_ = read_linux_zones(memory, symbols_);
    if (zones_.empty() && !last) return false;
    regions_ = read_linux_regions(memory, symbols_);
    done_ = last || regions_.missing.empty();
    if (last && zones_.empty())
        warnings_.push_back(symbols_.banner() + ": its struct zone was not understood, or System.map has neither contig_page_data nor node_data" + instead);
    for (const std::string& what : regions_.missing)
        if (last) warnings_.push_back(file_ + ": " + what + " is missing, or has no value in the guest: some regions are not told apart");
    return done_ || !knew_zones;
}

void LinuxGuest::give_up(const GuestMemory& memory) {
    done_ = true;
    const uint32_t start = map_.find("_text").value_or(VirtAddr{0xC1000000}).raw & ~page_mask;
    const std::string other = search_banner(memory, VirtAddr{start}, searched_for_another);
    if (other.empty()) warnings_.push_back(file_ + ": no Linux kernel was found in the guest where this says; boot it with nokaslr, or give its own System.map" + instead);
    else warnings_.push_back(file_ + ": is not the System.map of the guest's kernel, which says '" + other + "'; give that kernel's" + instead);
}

}  // namespace plugin
