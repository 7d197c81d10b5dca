// SPDX-License-Identifier: LGPL-2.1-or-later
// Slots of both kinds, and the way to each.
#include "guest-kernel/kernel/swap.hpp"

#include "guest-kernel/kernel/compressor.hpp"
#include "guest-kernel/kernel/io/bounce.hpp"
#include "guest-kernel/kernel/io/reclaim.hpp"
#include "guest-kernel/kernel/late.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/scheduler.hpp"
#include "guest-kernel/kernel/swap_disk.hpp"
#include "guest-kernel/kernel/trap_frame.hpp"
#include "guest-kernel/mm/compressed_store.hpp"
#include "guest-kernel/mm/swap_slots.hpp"

namespace guest {
namespace {

struct Area {
    SwapSlots slots;
    uint32_t* users;  // null: not in use
    SwapCounters counted;
};
Area areas[swap_kinds]{};
void** compressed_pages = nullptr;
Late<CompressedStore> store;

Area& area(SwapKind k) { return areas[index_of(k)]; }

template <class T>
T* zeroed_table(uint32_t count) {
    const auto bytes = static_cast<uint32_t>(count * sizeof(T));
    void* const table = kmalloc().allocate(bytes);
    if (table) __builtin_memset(table, 0, bytes);
    return static_cast<T*>(table);
}

// The page as the processor sees it, through a kmap if the direct map does not reach it.
template <class Use>
auto with_page(mm::Pfn frame, uint32_t& kmaps, Use use) {
    if (frame >= direct_map_end) ++kmaps;
    const mm::VirtAddr at = kmap_atomic().map(frame, KmapType::swap);
    const auto result = use(reinterpret_cast<void*>(at.raw));
    kmap_atomic().unmap(at, KmapType::swap);
    return result;
}

SwapStatus compress(Area& a, uint32_t slot, mm::Pfn frame) {
    const StoreStatus stored =
        with_page(frame, a.counted.kmaps_out, [slot](const void* page) { return store->put(slot, page); });
    if (stored == StoreStatus::incompressible) return ++a.counted.refused, SwapStatus::incompressible;
    return stored == StoreStatus::done ? SwapStatus::done : SwapStatus::no_memory;
}

void write_compressed(Area& a, SwapPage* pages, unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
        const Maybe<uint32_t> slot = a.slots.take();
        if (!slot) {
            pages[i].status = SwapStatus::full;
            continue;
        }
        pages[i].entry = {SwapKind::compressed, *slot};
        pages[i].status = compress(a, *slot, pages[i].frame);
        if (pages[i].status != SwapStatus::done) static_cast<void>(a.slots.release(*slot));
        else ++a.counted.written;
    }
}

// Consecutive slots are one request.
void write_run(Area& a, SwapPage* pages, unsigned count, SwapWait wait) {
    mm::Pfn frames[max_swap_cluster];
    for (unsigned i = 0; i < count; ++i) frames[i] = pages[i].frame;
    const uint32_t kmaps = bounce_counters().kmaps;
    const bool written = write_swap_blocks(pages[0].entry.slot, frames, count, wait == SwapWait::sleep);
    a.counted.kmaps_out += bounce_counters().kmaps - kmaps;
    if (!written) ++a.counted.errors;
    for (unsigned i = 0; i < count; ++i) pages[i].status = written ? SwapStatus::done : SwapStatus::device_error;
}

void write_runs(Area& a, SwapPage* pages, unsigned count, SwapWait wait) {
    unsigned run = 0;
    for (unsigned i = 0; i < count; ++i) {
        const bool has_slot = pages[i].status == SwapStatus::done;
        const bool joins = run != 0 && has_slot && pages[i].entry.slot == pages[i - 1].entry.slot + 1;
        if (run != 0 && !joins) write_run(a, pages + i - run, run, wait), run = 0;
        if (has_slot) ++run;
    }
    if (run != 0) write_run(a, pages + count - run, run, wait);
}

// All slots are taken before anything is written, and those of pages that did not get there go back at the end: if anybody
// ran meanwhile, all of them.
void write_disk(Area& a, SwapPage* pages, unsigned count, SwapWait wait) {
    bool has_slot[max_swap_cluster];
    for (unsigned i = 0; i < count; ++i) {
        const Maybe<uint32_t> slot = a.slots.take();
        has_slot[i] = static_cast<bool>(slot);
        pages[i].status = slot ? SwapStatus::done : SwapStatus::full;
        if (slot) pages[i].entry = {SwapKind::disk, *slot};
    }
    const uint32_t switches = switch_count();
    write_runs(a, pages, count, wait);
    const bool alone = switch_count() == switches;
    for (unsigned i = 0; i < count; ++i) {
        if (pages[i].status == SwapStatus::done && !alone) pages[i].status = SwapStatus::running;
        if (pages[i].status == SwapStatus::done) ++a.counted.written;
        else if (has_slot[i]) static_cast<void>(a.slots.release(pages[i].entry.slot));
    }
}

// Whether the kernel was entered by a page fault in ring 3: then it holds nothing that a switch could hurt.
bool in_fault_of_program() {
    const auto* const frame = reinterpret_cast<const TrapFrame*>(current().stack_top()) - 1;
    return current().space && frame->vector == page_fault_vector;
}

SwapStatus read_disk(Area& a, uint32_t slot, mm::Pfn frame) {
    const uint32_t before = bounce_counters().kmaps;
    const IoStatus status = read_swap_block(slot, frame, in_fault_of_program());
    a.counted.kmaps_in += bounce_counters().kmaps - before;
    return status == IoStatus::done ? SwapStatus::done : status == IoStatus::no_memory ? SwapStatus::no_memory : SwapStatus::device_error;
}

SwapStatus read_compressed(Area& a, uint32_t slot, mm::Pfn frame) {
    const bool good = with_page(frame, a.counted.kmaps_in, [slot](void* page) { return store->get(slot, page); });
    return good ? SwapStatus::done : SwapStatus::device_error;
}

}  // namespace

const char* name(SwapStatus s) {
    constexpr const char* names[] = {"done", "no device", "full", "no memory", "incompressible", "device error", "running"};
    static_assert(sizeof names / sizeof names[0] == static_cast<unsigned>(SwapStatus::running) + 1);
    return names[static_cast<unsigned>(s)];
}

SwapStatus swap_on(SwapKind kind, uint32_t slots) {
    Area& a = area(kind);
    if (a.users) return SwapStatus::done;
    if (kind == SwapKind::disk && swap_area_blocks() < slots) slots = swap_area_blocks();
    if (slots == 0) return SwapStatus::no_device;
    a.users = zeroed_table<uint32_t>(slots);
    if (!a.users) return SwapStatus::no_memory;
    if (kind == SwapKind::compressed) {
        compressed_pages = zeroed_table<void*>(slots);
        if (!compressed_pages) return swap_off(kind), SwapStatus::no_memory;
        store.make(kmalloc(), PageCompressor{compress_page, decompress_page}, compressed_pages, slots);
    }
    a.slots = SwapSlots{a.users, slots};
    update_reclaim();
    return SwapStatus::done;
}

bool swap_in_use(SwapKind kind) { return area(kind).users; }

void swap_off(SwapKind kind) {
    Area& a = area(kind);
    require(a.slots.used() == 0, "swapped pages would be lost");
    kmalloc().free(a.users);
    a.users = nullptr;
    a.slots = {};
    update_reclaim();
    if (kind != SwapKind::compressed) return;
    kmalloc().free(compressed_pages);
    compressed_pages = nullptr;
}

void swap_write(SwapKind kind, SwapPage* pages, unsigned count, SwapWait wait) {
    require(count <= max_swap_cluster, "too many pages swapped out at once");
    if (kind == SwapKind::disk) write_disk(area(kind), pages, count, wait);
    else write_compressed(area(kind), pages, count);
}

SwapStatus swap_read(SwapEntry e, mm::Pfn frame) {
    Area& a = area(e.kind);
    const SwapStatus status = e.kind == SwapKind::disk ? read_disk(a, e.slot, frame) : read_compressed(a, e.slot, frame);
    ++(status == SwapStatus::done ? a.counted.read : a.counted.errors);
    return status;
}

void swap_share(SwapEntry e) { area(e.kind).slots.share(e.slot); }

void swap_release(SwapEntry e) {
    if (area(e.kind).slots.release(e.slot) && e.kind == SwapKind::compressed) store->drop(e.slot);
}

SwapCounters swap_counters(SwapKind kind) {
    const Area& a = area(kind);
    SwapCounters c = a.counted;
    c.slots = a.slots.size();
    c.used = a.slots.used();
    c.compressed_bytes = kind == SwapKind::compressed && compressed_pages ? store->bytes() : 0;
    return c;
}

bool check_swap() {
    const SwapSlots& compressed = area(SwapKind::compressed).slots;
    return area(SwapKind::disk).slots.check() && compressed.check() &&
           (!compressed_pages || (store->check() && store->pages() == compressed.used()));
}

}  // namespace guest
