// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads and writes PCI configuration space, and looks devices up by class.
#include "guest-kernel/kernel/io/pci.hpp"

namespace guest {
namespace {

constexpr uint16_t address_port = 0xCF8, data_port = 0xCFC;
constexpr uint8_t devices = 32, functions = 8;
constexpr uint32_t nobody = 0xFFFF;              // vendor of a function that does not exist
constexpr uint32_t many_functions = 0x00800000;  // in the header register

bool exists(PciFunction f) { return (pci_read(f, PciRegister::identity) & 0xFFFF) != nobody; }

}  // namespace

uint32_t pci_read(PciFunction f, PciRegister r) {
    out32(address_port, pci_address(f, r));
    return in32(data_port);
}

void pci_write(PciFunction f, PciRegister r, uint32_t value) {
    out32(address_port, pci_address(f, r));
    out32(data_port, value);
}

Maybe<PciFunction> find_pci(PciClass wanted) {
    for (uint8_t device = 0; device < devices; ++device) {
        if (!exists({device, 0})) continue;
        const bool all = (pci_read({device, 0}, PciRegister::header) & many_functions) != 0;
        for (uint8_t function = 0; function < (all ? functions : 1); ++function) {
            const PciFunction f{device, function};
            if (exists(f) && pci_read(f, PciRegister::class_code) >> 16 == (uint32_t{wanted.base} << 8 | wanted.sub)) return f;
        }
    }
    return {};
}

}  // namespace guest
