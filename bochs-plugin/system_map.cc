// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads System.map. Functions are left out: the zones and tasks need data only, and `_text`.
#include "system_map.h"

#include <stdio.h>
#include <string.h>

#include <fstream>

namespace plugin {

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
        if (strchr("tw", type) || (type == 'T' && strcmp(name, "_text") != 0)) continue;
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
