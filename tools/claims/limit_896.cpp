// SPDX-License-Identifier: LGPL-2.1-or-later
// Claim `limit-896`: the sum that gives 896 MiB, and who uses the 128 MiB that it leaves out.
#include <algorithm>
#include <cstdio>

#include "all.hpp"
#include "common.hpp"

namespace tools::claims {
namespace {

constexpr uint64_t reserve = 128 * mebibyte;
constexpr uint64_t memory_mib = 4 * mib_per_gib;  // more than any split's lowmem, but 4:4's with classic paging

std::vector<Need> needs() {
    std::vector<Need> all;
    for (const char* split : every_split) all.push_back({pae(split, 2 * memory_mib)});
    return all;
}

struct Sum {
    uint64_t kernel, lowmem;
    uint64_t window() const { return kernel - lowmem; }
};

Sum sum_of(const Facts& f) {
    const RegionInfo& lowmem = f.region("lowmem");
    return {4 * gibibyte - lowmem.start, lowmem.end - lowmem.start};
}

// The window's users at one split, in address order, with the gaps between them.
Table users_of(const Facts& f, uint64_t& fixed) {
    Table t{"window", "the window above lowmem at " + f.machine.split, {{"user"}, {"start"}, {"kib", "KiB"}}};
    uint64_t at = f.region("lowmem").end;
    fixed = 0;
    const auto add = [&](const std::string& name, uint64_t start, uint64_t end) {
        if (end <= start) return;
        char hex[16];
        std::snprintf(hex, sizeof hex, "%08x", static_cast<uint32_t>(start));
        t.row({text(name), text(hex), (end - start) / kibibyte});
        if (name != "vmalloc") fixed += end - start;
    };
    for (const char* name : {"vmalloc", "pkmap", "fixmap", "trampoline"}) {
        const auto here =
            std::find_if(f.run.regions.begin(), f.run.regions.end(), [&](const RegionInfo& r) { return r.name == name; });
        if (here == f.run.regions.end()) continue;
        add("unused", at, here->start);
        add(name, here->start, here->end);
        at = here->end;
    }
    add("unused", at, 4 * gibibyte);
    return t;
}

Findings judge(const Evidence& evidence) {
    Table t{"splits",
            "kernel space, window and lowmem",
            {{"split"}, {"kernel_mib", "kernel MiB"}, {"window_mib", "window MiB"}, {"lowmem_mib", "lowmem MiB"}}};
    bool all_128 = true;
    for (const char* split : every_split) {
        const Sum s = sum_of(evidence.at(pae(split, 2 * memory_mib)));
        t.row({text(split), s.kernel / mebibyte, s.window() / mebibyte, s.lowmem / mebibyte});
        all_128 = all_128 && s.window() == reserve;
    }
    const Facts& f = evidence.at(pae("3:1", 2 * memory_mib));
    const Sum s = sum_of(f);
    uint64_t fixed = 0;
    const Table users = users_of(f, fixed);
    return {{t, users},
            {{Weight::core, answer(s.kernel == gibibyte && s.window() == reserve && s.lowmem == 896 * mebibyte),
              "at 3:1: " + in_mib(s.kernel) + " less " + in_mib(s.window()) + " leaves " + in_mib(s.lowmem)},
             {Weight::core, answer(all_128), "the same sum gives the lowmem of every split"},
             {Weight::limit, answer(fixed >= reserve),
              "what has a fixed place there needs the 128 MiB: " + in_mib(fixed) +
                  " with all gaps; the rest is vmalloc's, whose size is a choice (Linux: vmalloc=SIZE)"}}};
}

}  // namespace

Claim limit_896_claim() {
    return {"limit-896",
            "1 GiB of kernel space less 128 MiB for I/O, vmalloc and fixed maps leaves 896 MiB.",
            "Boots every split with more memory than any lowmem (8 GiB, PAE) and adds up the regions of linear addresses that "
            "the kernel publishes.",
            needs(),
            {{"reserve for vmalloc and the rest", "128 << 20", "Linux, arch/x86/mm/pgtable_32.c, __VMALLOC_RESERVE"},
             {"lowmem at 3:1, 2:2, 1:3", "896, 1920, 2944 MB",
              "derived from -__PAGE_OFFSET - __VMALLOC_RESERVE, Linux before 2.6.30; 896 MB in boot logs"},
             {"lowmem at 4:4", "3936MB LOWMEM available", "boot log of Linux 2.4.21-3.ELhugemem"}},
            judge};
}

}  // namespace tools::claims
