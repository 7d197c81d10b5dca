// SPDX-License-Identifier: LGPL-2.1-or-later
// Claim `mmio`: device memory takes kernel addresses, and the window that has them can be full.
#include "all.hpp"
#include "common.hpp"

namespace tools::claims {
namespace {

constexpr char workload[] = "ioremap";  // 64 KiB of the frame buffer: 16 pages
constexpr uint64_t block_pages = 16;

std::vector<Need> needs() {
    std::vector<Need> all;
    for (const char* split : every_split) all.push_back({pae(split, 8 * mib_per_gib), {workload}});
    return all;
}

Findings judge(const Evidence& evidence) {
    Table t{"window",
            "64 KiB of the display's frame buffer mapped, each page written and read, unmapped; then pieces of 16 MiB until the "
            "window is full",
            {{"split"},
             {"entries", "table entries"},
             {"walks"},
             {"cycles"},
             {"window_kib", "window KiB"},
             {"until_full_kib", "mapped until full, KiB"}}};
    bool by_tables = true, refused = true;
    for (const char* split : every_split) {
        const Facts& f = evidence.at(pae(split, 8 * mib_per_gib));
        const SpanFacts& s = f.span(workload);
        const uint64_t window = f.measure("ioremap-window"), mapped = f.measure("ioremap-until-full");
        t.row({text(split), f.measure("ioremap-entries"), each(s, s.walks.walks), cycles_each(s, f.costs), window, mapped});
        by_tables = by_tables && f.measure("ioremap-entries") >= block_pages;
        refused = refused && mapped <= window && mapped > 0;
    }
    return {{t},
            {{Weight::core, answer(by_tables),
              "a frame buffer, which is no RAM, is reached by entries of the page tables in vmalloc's window, one for each page"},
             {Weight::core, answer(refused),
              "a full window refuses the next mapping on every split; the kernel goes on, and maps again once there is room"}}};
}

}  // namespace

Claim mmio_claim() {
    return {"mmio",
            "Device memory and the VGA aperture need kernel virtual space.",
            "Maps the Bochs display's linear frame buffer with ioremap, uses it, and then maps it again and again until the "
            "window is full; 8 GiB, PAE, so that lowmem leaves the window at its smallest.",
            needs(),
            {{"window for vmalloc and ioremap", "128 MiB less 8 MiB of gap, kmap and fixed maps",
              "Linux, arch/x86/include/asm/pgtable_32_areas.h"}},
            judge};
}

}  // namespace tools::claims
