// SPDX-License-Identifier: LGPL-2.1-or-later
// Fault injection, as Linux' fail_page_alloc: each operation is run again and again while its first, second, third … page
// allocation fails, until it gets by without meeting the failure. Whatever it makes of it, no page may be lost, and the
// kernel must go on.
#include "guest-kernel/test/fault_operation.hpp"

#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/ioremap.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/scheduler.hpp"
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/test/run.hpp"

extern "C" const guest::FaultOperation fault_operations_start[], fault_operations_end[];

namespace guest {
namespace {

constexpr uint32_t most_allocations = 2000;  // of one operation: one that never gets by is a bug

constexpr unsigned most_turns = 100;          // until what an operation left behind has ended

class FreeCounts final {
public:
    FreeCounts() {
        uint32_t* count = counts_;
        for (const Zone* zone : zones().populated()) *count++ = zone->buddy().free_pages().raw;
    }
    bool operator==(const FreeCounts& other) const {
        for (unsigned zone = 0; zone < max_zones; ++zone)
            if (counts_[zone] != other.counts_[zone]) return false;
        return true;
    }

private:
    uint32_t counts_[max_zones]{};
};

// Children and threads that outlived it end in their turns.
bool run_and_settle(const FaultOperation& operation) {
    const bool good = operation.run();
    for (unsigned turn = 0; turn < most_turns && processes.size() > 0; ++turn) {
        yield_current();
        reap_orphans();
    }
    vmalloc().purge();
    return good;
}

// The first run makes what stays: page tables of vmalloc's window, slabs that are kept.
void fail_each_allocation(Check& check, const FaultOperation& operation) {
    check.that(run_and_settle(operation), operation.name);
    const FreeCounts before;
    uint32_t survived = 0;
    for (uint32_t n = 1; n < most_allocations; ++n) {
        zones().fail_allocation(n);
        const bool good = run_and_settle(operation);
        const bool failed = zones().stop_failing();
        if (!(before == FreeCounts{})) {
            print("# ", operation.name, ": pages are missing after allocation ", n, " failed\n");
            return check.that(false, "every zone has as many free pages as before");
        }
        if (!failed) {
            print("# ", operation.name, ": ", n - 1, " allocations failed in turn, ", survived, " of them without harm\n");
            return check.that(good, "it goes well when no allocation fails");
        }
        survived += good;
    }
    check.that(false, operation.name);
}

void every_operation(Check& check) {
    for (const FaultOperation* o = fault_operations_start; o < fault_operations_end; ++o) fail_each_allocation(check, *o);
    check.that(zones().check(), "the zones are sound");
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"fault injection: no page is lost whichever allocation fails", every_operation},
};

// Slabs of three sizes and a block; what could not be had is null, and kfree takes it.
bool kmalloc_objects() {
    constexpr uint32_t sizes[] = {2048, 2048, 2048, 1024, 32, 8192};
    void* objects[sizeof sizes / sizeof sizes[0]];
    bool good = true;
    unsigned count = 0;
    for (uint32_t size : sizes) good &= (objects[count++] = kmalloc().allocate(size)) != nullptr;
    while (count > 0) kmalloc().free(objects[--count]);
    return good;
}

bool vmalloc_area() {
    const Maybe<mm::VirtAddr> area = vmalloc().allocate(8 * mm::page_size);
    if (area) vmalloc().free(*area);
    return static_cast<bool>(area);
}

bool ioremap_area() {
    const Maybe<mm::VirtAddr> area = ioremap(mm::PhysAddr{0xFEE00000}, mm::page_size);
    if (area) iounmap(*area);
    return static_cast<bool>(area);
}

bool kmap_page() {
    mm::Pfn frame;
    if (!allocate_user_frame(frame)) return false;
    const Maybe<mm::VirtAddr> at = kmap().map(frame);
    if (at) kmap().unmap(frame);
    zones().release(frame);
    return static_cast<bool>(at);
}

bool thread_of_the_kernel() { return kernel_thread([](void*) {}, nullptr) > 0; }

bool runs(const char* program) { return run_to_end(program, 0) == 0; }
bool faults(const char* program) { return run_to_end(program, 0) == killed_by(14); }  // in the end, on purpose

[[gnu::section(".fault_operations"), gnu::used]] const FaultOperation operations[] = {
    {"kmalloc and kfree", kmalloc_objects},
    {"vmalloc and vfree", vmalloc_area},
    {"ioremap and iounmap", ioremap_area},
    {"a HIGHMEM page and its kmap", kmap_page},
    {"spawn, copies, exit", [] { return runs("test-buffers"); }},
    {"mmap, munmap", [] { return faults("test-regions"); }},
    {"brk", [] { return faults("test-break"); }},
    {"fork, copy on write", [] { return runs("test-fork"); }},
    {"exec", [] { return runs("test-exec-once"); }},
    {"a kernel thread", thread_of_the_kernel},
    {"threads", [] { return runs("test-threads"); }},
};

}  // namespace
}  // namespace guest
