// SPDX-License-Identifier: LGPL-2.1-or-later
// What an address space needs of the kernel.
#include "guest-kernel/kernel/address_space.hpp"

#include "guest-kernel/arch/cr.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/swap_out.hpp"
#include "guest-kernel/mm/space_send.hpp"

namespace guest {

template class Space<UserMachine>;

AddressSpace::AddressSpace() : Space{kmalloc()} {}

using Roots = RootTables<Format>;

bool UserMachine::create_root(uint32_t& cr3) {
    if (!Roots::create(UserDirectories{}, cr3)) return false;
    Mapper<Format, UserTables> mapper{Roots::root(UserDirectories{}, cr3), UserTables{}};
    mapper.share(Roots::root(UserDirectories{}, shared_root()), shared_from());
    return true;
}

void UserMachine::destroy_root(uint32_t cr3) { Roots::destroy(UserDirectories{}, cr3); }

bool UserMachine::zeroed_frame(mm::Pfn& out) {
    if (resident_limit != 0) keep_resident_limit();
    return allocate_user_frame(out);
}

bool UserMachine::empty_frame(mm::Pfn& out) {
    if (resident_limit != 0) keep_resident_limit();
    const Allocation frame = zones().allocate(gfp_highuser, 0);
    if (frame) out = frame.first;
    return static_cast<bool>(frame);
}

bool UserMachine::copied_frame(mm::Pfn from, mm::Pfn& out) {
    if (!empty_frame(out)) return false;
    const mm::VirtAddr source = kmap_atomic().map(from, KmapType::copy_source), target = kmap_atomic().map(out, KmapType::user0);
    __builtin_memcpy(reinterpret_cast<void*>(target.raw), reinterpret_cast<void*>(source.raw), mm::page_size);
    kmap_atomic().unmap(target, KmapType::user0);
    kmap_atomic().unmap(source, KmapType::copy_source);
    return true;
}

void UserMachine::share(mm::Pfn frame) { zones().share(frame); }
void UserMachine::release(mm::Pfn frame) { zones().release(frame); }
uint32_t UserMachine::users(mm::Pfn frame) { return zones().frames()[frame].users; }

FaultStatus UserMachine::read_swapped(SwapEntry e, mm::Pfn frame) {
    const SwapStatus status = swap_read(e, frame);
    if (status == SwapStatus::done) return FaultStatus::resolved;
    return status == SwapStatus::no_memory ? FaultStatus::no_memory : FaultStatus::lost;
}
void UserMachine::share_swapped(SwapEntry e) { swap_share(e); }
void UserMachine::release_swapped(SwapEntry e) { swap_release(e); }

// What is loaded decides, not who runs: a process without a space of its own runs on the tables of the one before it (Linux:
// flush_tlb_page and active_mm). A space that is loaded nowhere has no translation left: a load of CR3 drops all that
// are not global, and user pages never are (SDM vol. 3, 4.10.4.1).
//
// At 4:4 the way out of the kernel loads CR3 anyway, and the kernel never translates through the process's tables.
void UserMachine::flush_page(uint32_t cr3, mm::VirtAddr at) {
    if (!layout.own_page_tables && read_cr3() == cr3) invlpg(at);
}

void UserMachine::flush_space(uint32_t cr3) {
    if (!layout.own_page_tables && read_cr3() == cr3) write_cr3(cr3);
}

}  // namespace guest
