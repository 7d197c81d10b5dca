// SPDX-License-Identifier: LGPL-2.1-or-later
// What it costs to complete a read in the time, and through the tables, of a process that did not ask for it.
#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/io/async_read.hpp"
#include "guest-kernel/kernel/io/bounce.hpp"
#include "guest-kernel/kernel/io/disk.hpp"
#include "guest-kernel/kernel/irq.hpp"
#include "guest-kernel/workload/io_workloads.hpp"
#include "guest-kernel/workload/measure.hpp"
#include "guest-kernel/workload/workload.hpp"

namespace guest {
namespace {

struct MeasuredInterrupt {
    Span span;
    uint32_t warm_up;
};

void service_disk(void*) { disk_by_dma().service(disk_by_dma()); }

void service_measured(void* context) {
    auto& measured = *static_cast<MeasuredInterrupt*>(context);
    if (measured.warm_up != 0) return --measured.warm_up, service_disk(nullptr);
    span_begin(measured.span);
    service_disk(nullptr);
    span_end(measured.span);
}

}  // namespace

bool async_reads(Span span, const char* program, uint32_t iterations) {
    const DataDisk& disk = probe_data_disk();
    if (disk.missing) return print("workload ", name(span), " skipped: ", disk.missing, "\n"), true;
    MeasuredInterrupt measured{span, warm_up_iterations};
    const AsyncCounters before = async_counters();
    const uint32_t kmaps = pio_kmaps() + bounce_counters().kmaps;
    set_interrupt_handler(disk.line, service_measured, &measured);
    const bool good = run_program(program, warm_up_iterations + iterations);
    set_interrupt_handler(disk.line, service_disk, nullptr);
    const uint32_t elsewhere = async_counters().elsewhere - before.elsewhere;
    print("measure: reads-", name(span), " ", async_counters().completed - before.completed, " pages\n");
    print("measure: elsewhere-", name(span), " ", elsewhere, " pages\n");
    print("measure: kmaps-", name(span), " ", pio_kmaps() + bounce_counters().kmaps - kmaps, " maps\n");
    return good && elsewhere == warm_up_iterations + iterations;
}

}  // namespace guest
