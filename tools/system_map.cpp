// SPDX-License-Identifier: LGPL-2.1-or-later
// Tells a System.map from what distributions and the kernel offer in its place.
#include "system_map.hpp"

#include <cstdio>
#include <cstring>
#include <fstream>

#include "error.hpp"

namespace tools {
namespace {

constexpr char debian_stub[] = "The real System.map is in the linux-image-";

}  // namespace

std::string system_map_problem(const std::filesystem::path& file) {
    std::ifstream in{file};
    if (!in || !std::filesystem::is_regular_file(file)) throw InputError{file.string(), "cannot be read; --system-map needs the System.map of the kernel that boots"};
    bool wide = false, nonzero = false, banner = false;
    for (std::string line; std::getline(in, line);) {
        if (line.find(debian_stub) != std::string::npos) {
            // Debian names the kernel in the file's own name: /boot/System.map-6.1.0-50-686
            const std::string name = file.filename().string(), prefix = "System.map-";
            const std::string release = name.rfind(prefix, 0) == 0 ? name.substr(prefix.size()) : "VERSION";
            return "is Debian's stub; the real one is in the package linux-image-" + release + "-dbg, as /usr/lib/debug/boot/System.map-" + release;
        }
        unsigned long long address = 0;
        char type = 0, symbol[128];
        if (std::sscanf(line.c_str(), "%llx %c %127s", &address, &type, symbol) != 3) continue;
        wide |= line.find(' ') > 8;
        nonzero |= address != 0;
        banner |= std::strcmp(symbol, "linux_banner") == 0;
    }
    if (wide) return "is of a 64-bit kernel; give the System.map of the 32-bit kernel that boots";
    if (banner && !nonzero) return "has no addresses but 0, as /proc/kallsyms shows them to users; read that as root, or give System.map";
    if (!banner) return "has no symbol linux_banner, so that the kernel cannot be found; give the whole System.map of the kernel that boots";
    return {};
}

}  // namespace tools
