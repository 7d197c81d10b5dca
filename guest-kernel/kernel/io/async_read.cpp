// SPDX-License-Identifier: LGPL-2.1-or-later
// Keeps the reads that processes have started.
#include "guest-kernel/kernel/io/async_read.hpp"

#include "guest-kernel/kernel/io/disk.hpp"
#include "guest-kernel/kernel/late.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/process.hpp"
#include "guest-kernel/kernel/user_copy.hpp"

namespace guest {
namespace {

struct AsyncRead {
    BlockRequest request{};
    const Process* owner = nullptr;  // null: abandoned
    uint32_t address = 0;
    AsyncRead* next = nullptr;
};

AsyncRead* first = nullptr;
AsyncCounters counters{};

int32_t error(Error e) { return static_cast<int32_t>(e); }

void forget(AsyncRead& r) {
    AsyncRead** link = &first;
    while (*link != &r) link = &(*link)->next;
    *link = r.next;
    kmalloc().free(&r);
}

AsyncRead* find(const Process& owner, uint32_t address) {
    for (AsyncRead* r = first; r; r = r->next)
        if (r->owner == &owner && r->address == address) return r;
    return nullptr;
}

// Often in an interrupt: the process that runs is not the one that reads.
void completed(BlockRequest& request) {
    auto& r = *static_cast<AsyncRead*>(request.context);
    zones().release(request.frames[0]);
    ++counters.completed;
    if (r.owner != &current()) ++counters.elsewhere;
    if (!r.owner) forget(r);
}

// The frame behind the page, made present and the process's own: a copy on write must come before the device's write.
bool own_page(mm::VirtAddr at, mm::Pfn& frame) {
    AddressSpace& space = *current().space;
    while (!space.frame_of(at, frame, mm::AccessKind::write))
        if (space.resolve(at, mm::AccessKind::write, space.frame_of(at, frame)) != FaultStatus::resolved) return false;
    return true;
}

}  // namespace

int32_t start_read(mm::VirtAddr to, uint32_t block, DiskWay way) {
    if (probe_data_disk().missing) return error(Error::no_device);
    BlockDevice& device = way == DiskWay::dma && disk_by_dma().blocks != 0 ? disk_by_dma() : disk_by_pio();
    if (mm::offset_in_page(to) != 0 || way > DiskWay::pio || find(current(), to.raw)) return error(Error::bad_argument);
    mm::Pfn frame;
    if (!user_range(to, mm::page_size) || !own_page(to, frame)) return error(Error::bad_address);
    void* const place = kmalloc().allocate(sizeof(AsyncRead));
    if (!place) return error(Error::no_memory);
    auto& r = *new (place) AsyncRead;
    r.owner = &current();
    r.address = to.raw;
    r.next = first;
    first = &r;
    zones().share(frame);
    r.request.block = block;
    r.request.pages = 1;
    r.request.frames[0] = frame;
    r.request.completed = completed;
    r.request.context = &r;
    submit(device, r.request);
    return 0;
}

int32_t finish_read(mm::VirtAddr to) {
    AsyncRead* const r = find(current(), to.raw);
    if (!r) return error(Error::bad_argument);
    while (r->request.status == IoStatus::pending) sleep(r->request.sleepers);
    const IoStatus status = r->request.status;
    forget(*r);
    return status == IoStatus::done ? 0 : error(status == IoStatus::no_memory ? Error::no_memory : Error::io);
}

void abandon_reads(const Process& dead) {
    for (AsyncRead *r = first, *next; r; r = next) {
        next = r->next;
        if (r->owner != &dead) continue;
        r->owner = nullptr;
        if (r->request.status != IoStatus::pending) forget(*r);
    }
}

const AsyncCounters& async_counters() { return counters; }

}  // namespace guest
