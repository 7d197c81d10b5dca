// SPDX-License-Identifier: LGPL-2.1-or-later
// One process's memory: regions that say what it may use, and page tables that its page faults fill. Pages come zeroed on
// first touch; a fork shares them read-only until somebody writes (copy on write).
//
//   Machine says what Space needs of the kernel, so that a host test can be that kernel:
//     Format, Tables                        the page-table format; Mapper's Memory
//     user_start, user_end, mmap_base       constants: bounds of the user part, where mappings begin
//     Tables tables()
//     bool create_root(uint32_t& cr3)       a root with the kernel's part in it; false: no memory
//     void destroy_root(uint32_t cr3)
//     void free_table(Pfn)
//     bool zeroed_frame(Pfn&), bool copied_frame(Pfn from, Pfn&)   a page with one user; false: no memory
//     void share(Pfn), release(Pfn); uint32_t users(Pfn)           struct page's count
//     void flush_page(FlushSite, uint32_t cr3, VirtAddr), flush_space(FlushSite, uint32_t cr3)   if the tables are in use
//     bool empty_frame(Pfn&)                a page with one user, of any content; false: no memory
//     FaultStatus read_swapped(SwapEntry, Pfn)  fetches a page that was swapped out, and may sleep: resolved,
//                                           no_memory (to bounce through), or lost
//     void share_swapped(SwapEntry), release_swapped(SwapEntry)    its slot's count of users
//     bool no_execute()                     whether entries may have the bit against execution
#pragma once

#include "guest-kernel/mm/flush_site.hpp"
#include "guest-kernel/mm/map.hpp"
#include "guest-kernel/mm/regions.hpp"
#include "guest-kernel/mm/root.hpp"
#include "guest-kernel/mm/swap_entry.hpp"
#include "mm/fault.hpp"

namespace guest {

// What became of an access: Linux' handle_mm_fault, and which signal its caller would send.
enum class FaultStatus : uint8_t {
    resolved,
    no_region,      // SIGSEGV, SEGV_MAPERR
    no_permission,  // SIGSEGV, SEGV_ACCERR
    no_memory,      // SIGKILL
    lost,           // SIGBUS: the page was swapped out and cannot be read
};

// A page that its process can do without for a while.
struct UnusedPage {
    mm::VirtAddr at;
    mm::Pfn frame;
};

// How a page goes to another space: both have it, until one of them writes; or it is gone where it was.
enum class Handover : uint8_t { share, grant };

template <class Machine>
class Gather;

template <class Machine>
class Space {
public:
    using Format = typename Machine::Format;

    explicit Space(Kmalloc& kmalloc, Machine machine = {}) : machine_{machine}, regions_{kmalloc} {}

    // An empty space; false if there is no memory for its root.
    [[nodiscard]] bool create();

    // Makes this a copy of `parent` that shares its pages. False, and nothing left behind, if memory runs out. Whether or
    // not it succeeds, the parent's pages may have become read-only; its next writes resolve that.
    [[nodiscard]] bool fork(Space& parent);

    // Frees every page, table and the root. It must not be the one in CR3.
    void destroy();

    // A region of whole pages, at the lowest hole from mmap_base up, or at `r.start`.
    [[nodiscard]] RegionStatus add_region(uint32_t bytes, uint32_t& start);
    [[nodiscard]] RegionStatus add_region_at(const Region& r);

    // Gives [start, start + bytes) back, with the page tables that nothing needs any more, and flushes.
    [[nodiscard]] RegionStatus remove_region(uint32_t start, uint32_t bytes);

    // Changes what may be done with [start, start + bytes) and flushes (mprotect).
    [[nodiscard]] RegionStatus protect_region(uint32_t start, uint32_t bytes, bool write, bool execute);

    // The break: the heap's end (brk). It begins at `start`, a page boundary, and may move from there upwards.
    void start_heap(uint32_t start) { heap_start_ = heap_end_ = start; }
    [[nodiscard]] RegionStatus move_break(uint32_t to);
    uint32_t heap_end() const { return heap_end_; }

    // Makes the page at `at` ready for an access of this kind, if its region allows that. `present`: a page is mapped there,
    // which did not allow the access.
    [[nodiscard]] FaultStatus resolve(mm::VirtAddr at, mm::AccessKind kind, bool present);

    // Maps a frame that has other users too at `at`, which a region holds; the space becomes a user of it.
    [[nodiscard]] bool map_shared(mm::VirtAddr at, mm::Pfn frame);

    // Hands the page at `page` to another space, at `at` in a writable region of that, in place of what was there. It comes
    // into being if it was never touched. Nothing changes here unless `resolved`. Defined in mm/space_send.hpp.
    [[nodiscard]] FaultStatus send_page(mm::VirtAddr page, Space& to, mm::VirtAddr at, Handover how);

    // The frame at `page`, after a read access to it if need be.
    [[nodiscard]] FaultStatus ready_to_read(mm::VirtAddr page, mm::Pfn& frame);

    // Frame behind a user address; false if it is not mapped, or not for this kind of access.
    [[nodiscard]] bool frame_of(mm::VirtAddr at, mm::Pfn& frame, mm::AccessKind kind = mm::AccessKind::read) const;

    // Up to `room` pages that nobody else uses, and that were not accessed since the search last passed; the search goes
    // on where it ended, at most once around. All it changes is accessed bits: a second search finds the rest.
    [[nodiscard]] unsigned find_unused(UnusedPage* out, unsigned room);

    // Such a page is kept at `e` from now on: its entry says so, and its frame is free. No process of this space runs.
    void swap_out(const UnusedPage& page, SwapEntry e);

    bool contains(mm::VirtAddr at) const { return regions_.find(at.raw) != nullptr; }
    const Regions& regions() const { return regions_; }
    uint32_t cr3() const { return cr3_; }
    uint32_t resident() const { return resident_; }  // user pages mapped
    uint32_t swapped() const { return swapped_; }    // and swapped out

private:
    using Edit = Mapper<Format, typename Machine::Tables>;

    Edit edit() const { return {root_, machine_.tables()}; }
    static bool whole_user_pages(uint32_t start, uint32_t bytes);
    mm::Permissions permissions(const Region& r, bool write) const;
    FaultStatus fill(mm::VirtAddr page, const Region& r);
    FaultStatus write_to_shared(mm::VirtAddr page, const Region& r);
    void drop_page(mm::VirtAddr page);
    FaultStatus ready_to_send(mm::VirtAddr page, Space& to, mm::VirtAddr at, mm::Pfn& frame);
    void unmap(uint32_t start, uint32_t end, uint32_t hole_start, uint32_t hole_end);
    void discard(Gather<Machine>& gather, mm::VirtAddr at, mm::Entry<Format> pte);
    FaultStatus swap_in(mm::VirtAddr page, SwapEntry e);
    bool search(uint32_t from, uint32_t to, UnusedPage* out, unsigned room, unsigned& found);

    [[no_unique_address]] Machine machine_;
    Regions regions_;
    typename Format::Root root_{};
    uint32_t cr3_ = 0;
    uint32_t resident_ = 0, swapped_ = 0;
    uint32_t hand_ = 0;  // where the next search for unused pages begins
    uint32_t heap_start_ = 0, heap_end_ = 0;
};

}  // namespace guest
