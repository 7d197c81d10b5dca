// SPDX-License-Identifier: LGPL-2.1-or-later
// PCI configuration space: the chipset that Bochs and QEMU both emulate.
#include "guest-kernel/kernel/io/pci.hpp"

#include "guest-kernel/kernel/tap.hpp"

namespace guest {
namespace {

void finds_the_ide_controller(Check& check) {
    const Maybe<PciFunction> ide = find_pci(pci_ide);
    if (!ide) return check.skip("no PCI, or no IDE controller on it");
    const uint32_t before = pci_read(*ide, PciRegister::command) & 0xFFFF;  // ones in the status half would clear bits there
    check.equal(pci_read(*ide, PciRegister::class_code) >> 16, 0x0101, "its class");
    pci_write(*ide, PciRegister::command, before | pci_bus_master);
    check.that((pci_read(*ide, PciRegister::command) & pci_bus_master) != 0, "bus mastering can be turned on");
    pci_write(*ide, PciRegister::command, before);
    check.equal(pci_read(*ide, PciRegister::command) & 0xFFFF, before, "the command register as it was");
}

void finds_nothing_else(Check& check) {
    check.that(!find_pci({0x7F, 0x7F}), "there is no device of a class that nobody has");
    check.equal(pci_read({31, 7}, PciRegister::identity), 0xFFFFFFFF, "a function that does not exist");
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"pci: the IDE controller and its command register", finds_the_ide_controller},
    {"pci: what does not exist", finds_nothing_else},
};

}  // namespace
}  // namespace guest
