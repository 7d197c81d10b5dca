// SPDX-License-Identifier: LGPL-2.1-or-later
// What it takes to reach a page of a process that does not run: nothing for a bus master, a kmap for the processor.
#include "guest-kernel/arch/crossing.hpp"
#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/io/bounce.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/swap_out.hpp"
#include "guest-kernel/workload/io_workloads.hpp"
#include "guest-kernel/workload/measure.hpp"
#include "guest-kernel/workload/swapped_process.hpp"

namespace guest {
namespace {

bool skip(Span span, SwapStatus why) {
    print("workload ", name(span), " skipped: swap cannot be used: ", name(why), "\n");
    return why == SwapStatus::no_device;
}

constexpr const char* way(SwapKind k) { return k == SwapKind::disk ? "dma" : "compress"; }

// What the counters of a kind say now, less what they said when this was made.
class SwapMeasure {
public:
    explicit SwapMeasure(SwapKind kind) : kind_{kind}, before_{swap_counters(kind)} {}

    void report(const char* what) const {
        const SwapCounters now = swap_counters(kind_);
        print("measure: pages-", what, "-", way(kind_), " ", now.written - before_.written, " pages\n");
        print("measure: kmaps-", what, "-", way(kind_), " ", now.kmaps_out - before_.kmaps_out, " maps\n");
        if (kind_ == SwapKind::disk) print("measure: bounces-", what, "-dma ", bounces() - bounces_, " pages\n");
    }

private:
    static uint32_t bounces() { return bounce_counters().dma + bounce_counters().normal; }

    SwapKind kind_;
    SwapCounters before_;
    uint32_t bounces_ = bounces();
};

constexpr unsigned storm_processes = 6;
constexpr uint32_t storm_pages = 36, storm_resident = storm_processes * storm_pages / 2;

// Each process has its turn once per round; one instance is a turn: by then most of its pages have left.
bool run_storm(Span span, uint32_t iterations) {
    const uint32_t rounds = (warm_up_iterations + iterations) / storm_processes + 2;
    const SwappedOrder order{storm_pages, rounds, SwappedEnd::checked, SwappedContents::mixed, SwappedWork::touches};
    set_resident_limit(storm_resident);
    const SwapMeasure compressed{SwapKind::compressed}, disk{SwapKind::disk};
    SwappedProcess crowd[storm_processes]{SwappedProcess{order}, SwappedProcess{order}, SwappedProcess{order},
                                          SwappedProcess{order}, SwappedProcess{order}, SwappedProcess{order}};
    bool good = measure(span, iterations, [&](uint32_t i) {
        SwappedProcess& p = crowd[i % storm_processes];
        p.go_on();
        return static_cast<bool>(p);
    });
    compressed.report("storm");
    disk.report("storm");
    for (SwappedProcess& p : crowd) good = p.end() == 0 && good;
    set_resident_limit(0);
    return good;
}

}  // namespace

bool swap_out_pages(Span span, SwapKind kind, uint32_t iterations) {
    const SwapStatus on = swap_on(kind);
    if (on != SwapStatus::done) return skip(span, on);
    bool good = false;
    {
        SwappedProcess p{{warm_up_iterations + iterations, 1, SwappedEnd::checked, SwappedContents::text}};
        set_user_tables(kernel_tables().cr3());  // as after the exit of another process: its own are not loaded
        const SwapMeasure counted{kind};
        good = p && measure(span, iterations, [&](uint32_t) {
            return swap_out(p.space(), 1, kind, SwapWait::sleep).pages == 1;
        });
        counted.report("swap");
        const uint32_t bytes = swap_counters(kind).compressed_bytes;
        if (kind == SwapKind::compressed) print("measure: compressed-bytes ", bytes, " bytes\n");
        good = p.end() == 0 && good && check_swap() && swap_counters(kind).used == 0;
    }
    swap_off(kind);
    return good;
}

bool swap_storm(Span span, uint32_t iterations) {
    for (const SwapKind kind : all_swap_kinds) {
        const SwapStatus on = swap_on(kind);
        if (on == SwapStatus::done) continue;
        swap_off(SwapKind::disk);
        return skip(span, on);
    }
    const bool good = run_storm(span, iterations) && check_swap();
    for (const SwapKind kind : all_swap_kinds) swap_off(kind);
    return good;
}

}  // namespace guest
