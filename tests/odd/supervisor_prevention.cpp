// SPDX-License-Identifier: LGPL-2.1-or-later
// SMEP and SMAP: the kernel fetches from, reads and writes pages of programs (SDM vol. 3, 4.6). Needs a processor that has them.
#include "tests/odd/odd.hpp"
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"

namespace odd::supervisor_prevention {

using namespace twins;

constexpr uint32_t smep_feature = 1u << 7, smap_feature = 1u << 20;  // CPUID leaf 7, ebx

uint32_t features() {
    uint32_t a = 0, b, c = 0, d;
    asm volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    if (a < 7) return 0;
    a = 7, c = 0;
    asm volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    return b;
}

void access(mm::VirtAddr at) {
    (void)read(at);
    write(at);
}

// Programs of other guests run in this kernel's image; here they must not.
void set_own_pages(bool user) {
    constexpr Raw bit = mm::entry_bit::user;
    for (uint32_t a = 4 * mm::mebibyte; a < 8 * mm::mebibyte; a += mm::page_size) {
        volatile Raw& own = own_entry(mm::VirtAddr{a});
        own = user ? own | bit : own & ~bit;
    }
    flush_all();
}

void run() {
    const uint32_t has = features(), cr4 = guest::read_cr4();
    set_own_pages(false);
    entry(0) = leaf(data(0), user_page);
    entry(1) = leaf(data(1));
    *at<uint8_t>(mm::address(data(0))) = 0xC3;  // ret
    flush_all();
    const auto use = [] {
        call(reinterpret_cast<void (*)()>(page(0).raw));
        access(page(0));
        access(page(1));
        asm volatile("pushfl\n\torl $0x40000, (%%esp)\n\tpopfl" : : : "memory", "cc");  // EFLAGS.AC
        access(page(0));
        asm volatile("pushfl\n\tandl $~0x40000, (%%esp)\n\tpopfl" : : : "memory", "cc");
        access(page(0));
        *twins::at<uint8_t>(mm::address(data(0))) = 0xC3;
    };
    use();
    if (has & smep_feature) guest::write_cr4(cr4 | mm::cr4_smep), use();
    if (has & smap_feature) guest::write_cr4(cr4 | mm::cr4_smap), use();
    guest::write_cr4(cr4);
    use();
    set_own_pages(true);
}
[[gnu::section(".twins"), gnu::used]] const Odd odd{"supervisor-prevention", run};

}  // namespace odd::supervisor_prevention
