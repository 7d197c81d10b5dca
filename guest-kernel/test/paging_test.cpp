// SPDX-License-Identifier: LGPL-2.1-or-later
// The kernel's page tables, as the processor walks them.
#include "guest-kernel/arch/cpuid.hpp"
#include "guest-kernel/arch/cr.hpp"
#include "guest-kernel/kernel/fixmap.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/tap.hpp"

namespace guest {
namespace {

constexpr mm::VirtAddr scratch{static_cast<uint32_t>(layout.vmalloc_end) - 8 * mm::page_size};  // no area gets this far

volatile uint32_t& word_at(mm::VirtAddr a) { return *reinterpret_cast<volatile uint32_t*>(a.raw); }

mm::Pfn test_frame(Request request) {
    const Allocation a = zones().allocate(request, 0);
    require(static_cast<bool>(a), "no memory for a test");
    return a.first;
}

void direct_map_has_one_page_size(Check& check) {
    const mm::Translation t = kernel_tables().find(direct_map_base + 0x00400123).translation;
    check.that(t.mapped(), "physical 4 MiB, where the image is, is mapped at PAGE_OFFSET + 4 MiB");
    check.equal(t.frame.raw, 0x400, "its frame");
    check.equal(t.shift, direct_map_shift, "log2 of the page size");
    const bool large = direct_map_shift == mm::directory_shift<Format>;
    const uint32_t cr4 = cpu_has(Feature::pse) ? read_cr4() : 0;  // an older processor has no CR4
    check.that(large == ((cr4 & mm::cr4_pse) != 0), "CR4.PSE is on exactly if there are large pages");
    check.that(!t.permissions.user, "the U/S bit hides it from ring 3");
    check.that(t.permissions.global == !layout.own_page_tables, "global exactly where user tables map it");
    check.that(cpu_has(Feature::pge) == ((cr4 & mm::cr4_pge) != 0), "CR4.PGE is on if there are global pages");
}

void direct_map_ends_with_lowmem(Check& check) {
    const mm::Pfn last{direct_map_end.raw - 1};
    check.that(kernel_tables().find(lowmem(mm::address(last))).translation.frame == last, "the last lowmem frame is mapped");
    const mm::VirtAddr beyond{(lowmem(mm::address(last)).raw | (mm::large_page_size<Format> - 1)) + 1};
    check.that(!kernel_tables().find(beyond).translation.mapped(), "nothing is mapped behind its large page");
}

void unmap_and_flush(Check& check) {
    const mm::Pfn a = test_frame(gfp_highuser), b = test_frame(gfp_highuser);
    check.that(kernel_tables().map(scratch, a), "map");
    word_at(scratch) = 0xAAAA;
    check.that(kernel_tables().unmap(scratch) == a, "unmap returns the frame");
    kernel_tables().flush_page(FlushSite::none, scratch);
    check.that(!kernel_tables().find(scratch).translation.mapped(), "the entry is gone");
    check.that(kernel_tables().map(scratch, b), "map another frame");
    word_at(scratch) = 0xBBBB;
    static_cast<void>(kernel_tables().unmap(scratch));
    kernel_tables().flush_page(FlushSite::none, scratch);
    check.that(kernel_tables().map(scratch, a), "map the first again");
    check.equal(word_at(scratch), 0xAAAA, "INVLPG dropped the second frame's translation");
    static_cast<void>(kernel_tables().unmap(scratch));
    kernel_tables().flush_all(FlushReason::none);
    zones().free(a, 0);
    zones().free(b, 0);
}

void flush_all_drops_global(Check& check) {
    const mm::Pfn a = test_frame(gfp_highuser), b = test_frame(gfp_highuser);
    const uint32_t values[] = {1, 2};
    const mm::Pfn frames[] = {a, b};
    for (unsigned i = 0; i < 2; ++i) {
        check.that(kernel_tables().map(scratch, frames[i]), "map");
        word_at(scratch) = values[i];
        static_cast<void>(kernel_tables().unmap(scratch));
        kernel_tables().flush_all(FlushReason::none);
    }
    check.that(kernel_tables().map(scratch, a), "map");
    check.equal(word_at(scratch), 1, "the first frame's word");
    static_cast<void>(kernel_tables().unmap(scratch));
    kernel_tables().flush_all(FlushReason::none);
    zones().free(a, 0);
    zones().free(b, 0);
}

void fixmap_slot(Check& check) {
    const mm::Pfn frame = test_frame(gfp_highuser);
    const mm::VirtAddr at = kmap_atomic().map(frame, KmapType::test);
    check.that(kernel_tables().find(at).translation.frame == frame, "the address leads to the frame");
    const bool high = frame >= direct_map_end;
    check.that(high == (at.raw >= layout.fixmap_base), "a HIGHMEM frame gets a fixmap slot, a lowmem one its own address");
    word_at(at) = 77;
    check.equal(word_at(at), 77, "what was written");
    kmap_atomic().unmap(at, KmapType::test);
    check.that(kernel_tables().find(at).translation.mapped() == !high, "the slot is empty afterwards");
    zones().free(frame, 0);
}

// Device memory at an address that the compiler knew.
void fixmap_of_a_device(Check& check) {
    constexpr mm::PhysAddr local_apic{0xFEE00000};  // SDM vol. 3, 10.4.1; its version register is at 0x30
    if (!cpu_has_local_apic()) return check.skip("no local APIC");
    set_fixmap(Fixmap::local_apic, mm::frame_of(local_apic));
    const mm::VirtAddr at = fixmap_address(Fixmap::local_apic);
    check.that(kernel_tables().find(at).pte.has(mm::entry_bit::cache_disable), "the entry says uncached");
    const uint32_t version = word_at(at + 0x30) & 0xFF;
    check.that(version >= 0x10 && version <= 0x15, "the version of an integrated APIC");
    clear_fixmap(Fixmap::local_apic);
    check.that(!kernel_tables().find(at).translation.mapped(), "the slot is empty afterwards");
    const mm::Pfn other = test_frame(gfp_highuser);
    set_fixmap(Fixmap::local_apic, other);
    word_at(at + 0x30) = ~version;
    check.equal(word_at(at + 0x30), ~version, "the slot leads to what it was given then");
    clear_fixmap(Fixmap::local_apic);
    zones().free(other, 0);
}

void write_protection(Check& check) {
    check.that(read_cr0() & mm::cr0_wp, "CR0.WP is on: the kernel honours read-only pages");
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"paging: the direct map has large pages, or small ones", direct_map_has_one_page_size},
    {"paging: the direct map ends with lowmem", direct_map_ends_with_lowmem},
    {"paging: map, unmap, INVLPG", unmap_and_flush},
    {"paging: a global flush drops global pages", flush_all_drops_global},
    {"paging: fixmap slots", fixmap_slot},
    {"paging: a device in the fixmap", fixmap_of_a_device},
    {"paging: write protection", write_protection},
};

}  // namespace
}  // namespace guest
