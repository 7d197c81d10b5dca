// SPDX-License-Identifier: LGPL-2.1-or-later
// Entries with bits that the format reserves, or that IA32_EFER does not allow (SDM vol. 3, 4.3 and 4.4.2).
#include "guest-kernel/arch/msr.hpp"
#include "tests/odd/odd.hpp"
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace odd::reserved_bits {

using namespace twins;

constexpr bool pae = sizeof(Raw) == 8;

void touch(mm::VirtAddr at) {
    (void)read(at);
    write(at);
}

void of_pae() {
    for (unsigned bit = 36; bit < 64; ++bit) {
        entry(bit) = static_cast<Raw>(leaf(data(0)) | uint64_t{1} << bit);
        touch(page(bit));
        slot_entry(1) = static_cast<Raw>(names(table(1)) | uint64_t{1} << bit);
        touch(page(0, 1));
    }
    for (unsigned bit = 12; bit < 21; ++bit) {
        slot_entry(2) = static_cast<Raw>(large_leaf(large_frame(0)) | uint64_t{1} << bit);
        flush_all();
        touch(page(0, 2));
    }
    // XD is a reserved bit while EFER.NXE is clear.
    entry(1) = static_cast<Raw>(leaf(data(1)) | mm::entry_bit::no_execute);
    const uint64_t efer = guest::read_msr(guest::msr_efer);
    const uint64_t values[] = {efer & ~uint64_t{mm::efer_nxe}, efer};
    for (const uint64_t value : values) {
        guest::write_msr(guest::msr_efer, value);
        flush_all();
        touch(page(1));
    }
}

// A large page's bits 20:13 are address bits, as many as the processor has; bit 21 is reserved. Without CR4.PSE none of this is.
void of_classic() {
    const uint32_t cr4 = guest::read_cr4();
    for (unsigned bit = 13; bit < 22; ++bit) {
        slot_entry(2) = static_cast<Raw>(large_leaf(large_frame(0)) | uint32_t{1} << bit);
        flush_all();
        touch(page(0, 2));
    }
    guest::write_cr4(cr4);
}

void run() { pae ? of_pae() : of_classic(); }
[[gnu::section(".twins"), gnu::used]] const Odd odd{"reserved-bits", run};

}  // namespace odd::reserved_bits
