// SPDX-License-Identifier: LGPL-2.1-or-later
// By the HPET's registers (IA-PC HPET specification 1.0a, 2.3), as a guest reads and writes them: the counter can be written while it stands,
// and each timer is set anew when it runs again.
#include "bochs.h"
#include "cpu/cpu.h"
#include "memory/memory-bochs.h"

#include <stdint.h>
#include <stdlib.h>

#include "hpet_counter.h"

namespace plugin {

namespace {

constexpr bx_phy_address id = 0xFED00000, configuration = id + 0x10, counter = id + 0xF0;
constexpr uint32_t enabled = 1, nobody = 0xFFFFFFFF;
constexpr char key[] = "\nhpet ";

uint32_t load(bx_phy_address at) {
    uint32_t value = 0;
    BX_MEM(0)->readPhysicalPage(BX_CPU(0), at, sizeof value, &value);
    return value;
}
void store(bx_phy_address at, uint32_t value) { BX_MEM(0)->writePhysicalPage(BX_CPU(0), at, sizeof value, &value); }

bool runs() { return load(id) != nobody && (load(configuration) & enabled) != 0; }

}  // namespace

std::string saved_hpet() {
    if (!runs()) return {};
    return (key + 1) + std::to_string(uint64_t{load(counter + 4)} << 32 | load(counter)) + "\n";
}

void restore_hpet(const std::string& lines) {
    const size_t at = lines.find(key);
    if (at == std::string::npos || !runs()) return;
    const uint64_t value = strtoull(lines.c_str() + at + sizeof key - 1, nullptr, 10);
    const uint32_t running = load(configuration);
    store(configuration, running & ~enabled);
    store(counter, static_cast<uint32_t>(value));
    store(counter + 4, static_cast<uint32_t>(value >> 32));
    store(configuration, running);
}

}  // namespace plugin
