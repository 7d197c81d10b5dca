// SPDX-License-Identifier: LGPL-2.1-or-later
// PCI configuration space by mechanism 1 (PCI Local Bus Specification 2.1, 3.7.4.1): an address port and a data port.
//
//   31     30 24  23 16  15    11  10      8  7     2  1 0
//   enable   0    bus    device    function   register  0
//
// Bus 0 only: that is where the chipset's own devices are, and it has no locks because the kernel is never interrupted.
#pragma once

#include "guest-kernel/arch/port.hpp"
#include "guest-kernel/mm/maybe.hpp"

namespace guest {

struct PciFunction {
    uint8_t device = 0, function = 0;
};

// Mass storage, display: the upper two bytes of the class register.
struct PciClass {
    uint8_t base, sub;
};
inline constexpr PciClass pci_ide{0x01, 0x01}, pci_vga{0x03, 0x00};

enum class PciRegister : uint8_t { identity = 0x00, command = 0x04, class_code = 0x08, header = 0x0C, bar0 = 0x10, bar4 = 0x20 };

inline constexpr uint32_t pci_io_space = 1, pci_memory_space = 2, pci_bus_master = 4;  // of the command register

constexpr uint32_t pci_address(PciFunction f, PciRegister r) {
    return uint32_t{1} << 31 | uint32_t{f.device} << 11 | uint32_t{f.function} << 8 | static_cast<uint32_t>(r);
}
static_assert(pci_address({2, 1}, PciRegister::bar4) == 0x80001120);

uint32_t pci_read(PciFunction f, PciRegister r);
void pci_write(PciFunction f, PciRegister r, uint32_t value);

// The first function of the class, in order of device and function.
Maybe<PciFunction> find_pci(PciClass wanted);

}  // namespace guest
