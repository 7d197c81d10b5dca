// SPDX-License-Identifier: LGPL-2.1-or-later
// Claim `not-current`: who needs a kmap for the pages of a process that is not running.
#include "all.hpp"
#include "common.hpp"

namespace tools::claims {
namespace {

struct Path {
    const char *name, *workload;
    const char *pages, *kmaps;  // measures
    bool by_device;             // the data moves without the processor
};
constexpr Path paths[] = {
    {"swap-out by DMA", "not-current-dma", "pages-swap-dma", "kmaps-swap-dma", true},
    {"swap-out into compressed memory", "not-current-compress", "pages-swap-compress", "kmaps-swap-compress", false},
    {"asynchronous read, ended by DMA", "async-dma", "reads-async-dma", "kmaps-async-dma", true},
    {"asynchronous read, moved in the interrupt", "async-pio", "reads-async-pio", "kmaps-async-pio", false},
};

std::vector<std::string> workloads() {
    std::vector<std::string> all;
    for (const Path& p : paths) all.emplace_back(p.workload);
    return all;
}

Findings judge(const Evidence& evidence) {
    const Facts& f = evidence.at(classic("3:1"));
    Table t{"paths",
            "pages of HIGHMEM that belong to a process that waits, at 3:1 with 1 GiB",
            {{"path"}, {"pages"}, {"kmaps"}, {"invlpg", "INVLPG a page"}, {"cycles", "cycles a page"}}};
    bool device_none = true, processor_each = true;
    for (const Path& p : paths) {
        const SpanFacts& s = f.span(p.workload);
        const uint64_t pages = f.measure(p.pages), kmaps = f.measure(p.kmaps);
        t.row({text(p.name), pages, kmaps, each(s, s.events.invlpg), cycles_each(s, f.costs)});
        if (p.by_device)
            device_none = device_none && pages > 0 && kmaps == 0;
        else
            processor_each = processor_each && pages > 0 && kmaps >= pages;
    }
    const uint64_t elsewhere = f.measure("elsewhere-async-dma") + f.measure("elsewhere-async-pio"),
                   reads = f.measure("reads-async-dma") + f.measure("reads-async-pio");
    return {{t},
            {{Weight::core, answer(processor_each),
              "where the processor moves or reads the data, each page needs a kmap: compressing it, and ending a read in the "
              "interrupt"},
             {Weight::core, answer(device_none),
              "where a device moves it by DMA none does: swap-out to disk, and a read that ends while another process runs"},
             {Weight::note, answer(elsewhere == reads),
              "the reads ended in another process's time: " + grouped(elsewhere) + " of " + grouped(reads)}}};
}

}  // namespace

Claim not_current_claim() {
    return {"not-current",
            "Swap-out, compressed swap and asynchronous I/O touch pages of a process that is not running: kmap needed, DMA not.",
            "Swaps pages of a waiting process out to disk and into compressed memory, and ends reads while another process "
            "computes; the guest counts the kmaps.",
            {{classic("3:1"), workloads()}},
            {{"slots of kmap_atomic on each CPU, one for each kind of such work", "16, from KM_BOUNCE_READ to KM_NMI_PTE",
              "Linux of about 2.6.30, asm/kmap_types.h"}},
            judge};
}

}  // namespace tools::claims
