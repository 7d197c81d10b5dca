// SPDX-License-Identifier: LGPL-2.1-or-later
// Edits the kernel's tables through the direct map; kmap's windows without a walk, as often as they change.
#include "guest-kernel/kernel/kernel_tables.hpp"

#include "guest-kernel/arch/cpuid.hpp"
#include "guest-kernel/arch/cr.hpp"
#include "guest-kernel/arch/port.hpp"
#include "guest-kernel/kernel/no_execute.hpp"
#include "mm/control.hpp"

namespace guest {

using Roots = RootTables<Format>;

namespace {

void say(FlushReason reason) {
    out32(mm::protocol::command_port, mm::protocol::command(mm::protocol::Op::flush_reason, static_cast<uint32_t>(reason)));
}

constexpr FlushSite site_of(FlushReason reason) {
    if (reason == FlushReason::kmap_wrap) return FlushSite::kmap_wrap;
    return reason == FlushReason::vmalloc_purge ? FlushSite::vmalloc_purge : FlushSite::none;
}

// Global translations survive a CR3 write; changing CR4.PGE drops all (SDM vol. 3, 4.10.4.1). With `nopge` or on an older
// processor no page is global.
void drop_all_translations() {
    if (!kernel_data.global || !cpu_has(Feature::pge)) return write_cr3(read_cr3());
    const uint32_t cr4 = read_cr4();
    write_cr4(cr4 & ~mm::cr4_pge);
    write_cr4(cr4);
}

}  // namespace

KernelTables::KernelTables(uint32_t cr3)
    : cr3_{cr3}, data_{supported(kernel_data)}, page_of_frame_0_{mm::Entry<Format>::leaf(mm::Pfn{0}, data_)},
      mapper_{Roots::root(ZoneTables{}, cr3), ZoneTables{}} {
    for (unsigned i = 0; i < window_count; ++i) {
        const mm::VirtAddr at{static_cast<uint32_t>(layout.pkmap_base) + i * mm::large_page_size<Format>};
        const mm::Walk<Format> w = mapper_.find(at);
        if (w.pde.present()) windows_[i] = lowmem_pointer<Raw>(mm::address(w.pde.frame()));
    }
}

bool KernelTables::map(mm::VirtAddr at, mm::Pfn frame) {
    if (!in_window(at)) return mapper_.map(at, frame, data_) == MapStatus::done;
    *window_entry(at) = page_entry(frame).raw;
    return true;
}

// PCD alone, as Linux' ioremap since 2.6.25 (UC-): not cached, whatever the MTRRs say (SDM vol. 3, table 11-7).
bool KernelTables::map_device(mm::VirtAddr at, mm::Pfn frame) {
    mm::PhysAddr entry_at;
    if (mapper_.entry_for(at, false, entry_at) != MapStatus::done) return false;
    require(!mm::Entry<Format>{ZoneTables::load(entry_at)}.present(), "mapped a device page over another");
    ZoneTables::store(entry_at, page_entry(frame).with(mm::entry_bit::cache_disable).raw);
    return true;
}

mm::Pfn KernelTables::unmap(mm::VirtAddr at) {
    if (!in_window(at)) {
        const Unmapped u = mapper_.unmap(at);
        require(u.was_mapped, "unmapped a kernel page twice");
        return u.frame;
    }
    volatile Raw* entry = window_entry(at);
    const mm::Entry<Format> old{*entry};
    require(old.present(), "unmapped a kmap slot twice");
    *entry = 0;
    return old.frame();
}

void KernelTables::flush_page(mm::VirtAddr at) { invlpg(at); }

void KernelTables::flush_all(FlushReason reason) {
    say(reason);
    if (flushes(site_of(reason))) drop_all_translations();
    say(FlushReason::none);
}

bool KernelTables::share_table(uint32_t other_cr3, mm::VirtAddr at) {
    Mapper<Format, ZoneTables> other{Roots::root(ZoneTables{}, other_cr3), ZoneTables{}};
    const mm::Walk<Format> mine = mapper_.find(at), theirs = other.find(at);
    if (!mine.pde.present() || theirs.pde.present()) return false;
    ZoneTables::store(theirs.pde_at, mine.pde.raw);
    return true;
}

}  // namespace guest
