// SPDX-License-Identifier: LGPL-2.1-or-later
// Values that the processor refuses with #GP: the registers stay as they were, and so must what follows them.
#include "guest-kernel/arch/msr.hpp"
#include "tests/odd/odd.hpp"
#include "tests/odd/refusable.hpp"
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace odd::registers_refused {

using namespace twins;

void use_window() {
    entry(0) = leaf(data(0));
    entry(1) = leaf(data(1), read_only_page);
    guest::invlpg(page(0));
    guest::invlpg(page(1));
    (void)read(page(0));
    write(page(1));
}

void of_efer() {
    const uint64_t efer = guest::read_msr(guest::msr_efer);
    try_write_msr(guest::msr_efer, (efer ^ mm::efer_nxe) | uint64_t{1} << 40);  // reserved
    use_window();
    try_write_msr(guest::msr_efer, efer ^ mm::efer_nxe ^ mm::efer_lme);         // not while paging is on
    use_window();
}
[[gnu::section(".twins"), gnu::used]] const Odd efer{"efer-refused", of_efer};

alignas(32) volatile uint64_t pointers[4];

// Each pointer has reserved bits; then they are read from where nothing is.
void of_pointers() {
    if (!window_pointer(0)) return;
    for (unsigned bad = 0; bad < 4; ++bad) {
        for (unsigned n = 0; n < 4; ++n) pointers[n] = *at<uint64_t>(mm::PhysAddr{root(0) + n * sizeof(uint64_t)}) | (n == bad ? 0x1E6 : 0);
        try_write_cr3(reinterpret_cast<uint32_t>(pointers));
        use_window();
    }
    try_write_cr3(0x7FFF0000);
    use_window();
}
[[gnu::section(".twins"), gnu::used]] const Odd pdptes{"pdptes-refused", of_pointers};

}  // namespace odd::registers_refused
