// SPDX-License-Identifier: LGPL-2.1-or-later
// What kmap and vmalloc ask of the code that edits the kernel's page tables. It is a parameter, so that the same
// allocators run on the host, where a test counts the writes and the flushes.
//
//   bool map(mm::VirtAddr, mm::Pfn)   writes one entry (present, supervisor, writable; global where the kernel's pages
//                                     are); false if there is no memory for a page table; never flushes
//   bool map_device(VirtAddr, Pfn)    the same for device memory: uncached
//   mm::Pfn unmap(mm::VirtAddr)       clears one entry and returns the frame that it named; never flushes
//   void flush_page(FlushSite, mm::VirtAddr)   INVLPG
//   void flush_all(FlushReason)       drops every translation, global ones too (CR4.PGE off and on, else CR3)
#pragma once

#include "guest-kernel/mm/flush_site.hpp"
#include "mm/addr.hpp"
#include "mm/protocol.hpp"

namespace guest {

using mm::protocol::FlushReason;

template <class T>
T& declared();  // std::declval; never defined

template <class M>
constexpr auto is_page_mapper(int) -> decltype(static_cast<bool>(declared<M>().map(mm::VirtAddr{}, mm::Pfn{})),
                                               static_cast<bool>(declared<M>().map_device(mm::VirtAddr{}, mm::Pfn{})),
                                               static_cast<mm::Pfn>(declared<M>().unmap(mm::VirtAddr{})),
                                               declared<M>().flush_page(FlushSite{}, mm::VirtAddr{}),
                                               declared<M>().flush_all(FlushReason{}), true) {
    return true;
}
template <class M>
constexpr bool is_page_mapper(...) {
    return false;
}

}  // namespace guest
