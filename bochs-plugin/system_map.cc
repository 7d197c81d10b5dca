// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads System.map. Functions are left out: the zones and tasks need data only, and where some code begins or ends.
#include "system_map.h"

#include <stdio.h>
#include <string.h>

#include <fstream>

namespace plugin {

namespace {

bool is_border(const char* name) {
    for (const char* border : {"_text", "__entry_text_start", "__entry_text_end"})
        if (strcmp(name, border) == 0) return true;
    return false;
}

}  // namespace

bool SystemMap::read(const std::string& file) {
    std::ifstream in{file};
    if (!in) return problem_ = file + ": cannot be read", false;
    bool wide = false, nonzero = false;
    for (std::string line; std::getline(in, line);) {
        unsigned long long address = 0;
        char type = 0, name[128];
        if (sscanf(line.c_str(), "%llx %c %127s", &address, &type, name) != 3) continue;
        wide |= line.find(' ') > 8;
        nonzero |= address != 0;
        if (strchr("tw", type) || (type == 'T' && !is_border(name))) continue;
        symbols_.emplace(name, static_cast<uint32_t>(address));
    }
    if (wide) problem_ = file + ": is of a 64-bit kernel";
    else if (!nonzero) problem_ = file + ": has no addresses";
    return problem_.empty();
}

std::optional<mm::VirtAddr> SystemMap::find(const std::string& name) const {
    const auto found = symbols_.find(name);
    if (found == symbols_.end()) return std::nullopt;
    return mm::VirtAddr{found->second};
}

}  // namespace plugin
