// SPDX-License-Identifier: LGPL-2.1-or-later
// Swap when something is missing or broken: the answer says what, and nobody but the process whose page is lost notices.
#include "guest-kernel/kernel/swap_out.hpp"
#include "guest-kernel/test/fault_operation.hpp"
#include "guest-kernel/test/held_pages.hpp"
#include "guest-kernel/test/run.hpp"
#include "guest-kernel/test/with_swap.hpp"
#include "guest-kernel/workload/swapped_process.hpp"

namespace guest {
namespace {

constexpr uint32_t pages = 24;

// While it lives the disk refuses every request by DMA.
class BrokenDisk final {
public:
    BrokenDisk() {
        disk_by_dma().start = [](BlockDevice&, BlockRequest& r) { complete(r, IoStatus::device_error); };
    }
    ~BrokenDisk() { disk_by_dma().start = start_; }
    BrokenDisk(const BrokenDisk&) = delete;
    BrokenDisk& operator=(const BrokenDisk&) = delete;

private:
    decltype(BlockDevice::start) start_ = disk_by_dma().start;
};

// The process runs to its end, and finds its pages as they were.
void check_unharmed(Check& check, SwappedProcess& p) {
    check.equal(as_word(p.end()), 0, "the pages were what they had been");
}

void full(Check& check, SwapKind kind) {
    constexpr uint32_t slots = 5;
    with_swap(check, kind, [&] {
        SwappedProcess p{{pages, 1}};
        if (!p) return check.that(false, "the process started");
        const SwapOut out = swap_out(p.space(), 1000, kind);
        check.equal(out.pages, slots, "pages that left");
        check.that(out.why == SwapStatus::full, name(out.why));
        check_unharmed(check, p);
    }, slots);
}

void read_error(Check& check) {
    with_swap(check, SwapKind::disk, [&] {
        SwappedProcess p{{pages, 1}}, other{{pages, 1}};
        if (!p || !other) return check.that(false, "the processes started");
        swap_out(p.space(), 1000, SwapKind::disk);
        const uint32_t left = swap_out(other.space(), 1000, SwapKind::disk).pages;
        {
            const BrokenDisk broken;
            p.go_on();
            check.equal(as_word(p.end()), as_word(killed_for_io), "status of the process that needed a page");
        }
        check.equal(swap_counters(SwapKind::disk).used, left, "slots of the other process");
        check_unharmed(check, other);
    });
}

void write_error(Check& check) {
    with_swap(check, SwapKind::disk, [&] {
        SwappedProcess p{{pages, 1}};
        if (!p) return check.that(false, "the process started");
        const uint32_t resident = p.space().resident();
        {
            const BrokenDisk broken;
            const SwapOut out = swap_out(p.space(), 1000, SwapKind::disk);
            check.that(out.pages == 0 && out.why == SwapStatus::device_error, name(out.why));
        }
        check.equal(p.space().resident(), resident, "pages in memory");
        check_unharmed(check, p);
    });
}

void no_lowmem(Check& check) {
    with_swap(check, SwapKind::compressed, [&] {
        SwappedProcess p{{pages, 1}};
        if (!p) return check.that(false, "the process started");
        {
            HeldPages lowmem;
            lowmem.drain(gfp_atomic);
            const SwapOut out = swap_out(p.space(), 1000, SwapKind::compressed);
            check.that(out.pages < pages && out.why == SwapStatus::no_memory, name(out.why));
        }
        check_unharmed(check, p);
    });
}

// As if the process ran: the boot process has its space for a moment.
void running(Check& check) {
    with_swap(check, SwapKind::compressed, [&] {
        SwappedProcess p{{pages, 1}};
        if (!p) return check.that(false, "the process started");
        current().space.share(p.owner());
        const SwapOut out = swap_out(p.space(), 1000, SwapKind::compressed);
        current().space.drop();
        check.that(out.pages == 0 && out.why == SwapStatus::running, name(out.why));
        check.equal(p.space().swapped(), 0, "pages that left");
        check_unharmed(check, p);
    });
}

// It was given a token before: while the disk writes its pages it uses them.
void ran_meanwhile(Check& check) {
    with_swap(check, SwapKind::disk, [&] {
        SwappedProcess p{{pages, 2}};
        if (!p) return check.that(false, "the process started");
        check.equal(as_word(post_token(p.id())), 0, "status of the token");
        const SwapOut out = swap_out(p.space(), 1000, SwapKind::disk, SwapWait::sleep);
        check.that(out.pages == 0 && out.why == SwapStatus::running, name(out.why));
        check.equal(p.space().swapped(), 0, "pages that left");
        check_unharmed(check, p);
    });
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"swap to the disk: a full area is an answer", [](Check& c) { full(c, SwapKind::disk); }},
    {"compressed swap: a full area is an answer", [](Check& c) { full(c, SwapKind::compressed); }},
    {"swap to the disk: a page that cannot be read kills its process only", read_error},
    {"swap to the disk: a page that cannot be written stays", write_error},
    {"compressed swap: without lowmem pages stay", no_lowmem},
    {"swap: pages of the process that runs stay", running},
    {"swap to the disk: pages stay if their process ran while they were written", ran_meanwhile},
};

bool out_and_in(SwapKind kind) {
    const SwapStatus on = swap_on(kind);
    if (on != SwapStatus::done) return on == SwapStatus::no_device;
    bool good = false;
    {
        SwappedProcess p{{6, 1}};
        good = p && swap_out(p.space(), 1000, kind).pages != 0;
        good = p.end() == 0 && good;
    }
    swap_off(kind);
    return good;
}

[[gnu::section(".fault_operations"), gnu::used]] const FaultOperation operations[] = {
    {"swap to the disk, and back", [] { return out_and_in(SwapKind::disk); }},
    {"compressed swap, and back", [] { return out_and_in(SwapKind::compressed); }},
};

}  // namespace
}  // namespace guest
