// SPDX-License-Identifier: LGPL-2.1-or-later
// A Linux kernel's symbols in the memory of the guest that runs it: where System.map says, or moved by a distance (KASLR).
#pragma once

#include "guest_memory.h"
#include "system_map.h"

namespace plugin {

class LinuxSymbols {
public:
    // `map` outlives this.
    explicit LinuxSymbols(const SystemMap& map) : map_{map} {}

    // Looks for the banner that /proc/version shows (init/version.c) where the map has it, and if `moved`, at all distances that a kernel may be
    // moved by. False: it is not there, or not yet.
    [[nodiscard]] bool locate(const GuestMemory&, bool moved);

    std::optional<mm::VirtAddr> find(const std::string& name) const {
        const auto at = map_.find(name);
        if (!at) return at;
        return *at + shift_;
    }
    // The word that a symbol names.
    std::optional<uint32_t> value(const GuestMemory& memory, const std::string& name) const {
        const auto at = find(name);
        if (!at) return std::nullopt;
        return memory.word(*at);
    }
    uint32_t shift() const { return shift_; }
    const std::string& banner() const { return banner_; }  // one line

private:
    const SystemMap& map_;
    uint32_t shift_ = 0;
    std::string banner_;
};

// The banner of any Linux kernel that is mapped within so many bytes; empty if there is none. For a message: it takes a while.
std::string search_banner(const GuestMemory&, mm::VirtAddr start, uint32_t bytes);

}  // namespace plugin
