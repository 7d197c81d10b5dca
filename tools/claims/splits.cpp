// SPDX-License-Identifier: LGPL-2.1-or-later
// Claim `splits`: what the three splits with shared tables trade, and whether it costs time.
#include "all.hpp"
#include "common.hpp"

namespace tools::claims {
namespace {

const std::vector<std::string> workloads{
    "null-syscall",     "ctx-2p-0k", "ctx-8p-64k",      "pagefault", "mmap",    "ipc",     "copy-from-user-low",
    "copy-to-user-low", "kmap-low",  "kmap-atomic-low", "kmalloc",   "vmalloc", "touch-60"};

constexpr uint64_t small_memory = 512;  // MiB: every split's lowmem covers it

std::vector<Need> needs() {
    std::vector<Need> all;
    for (const char* split : shared_splits) {
        all.push_back({classic(split, small_memory), workloads});
        all.push_back({classic(split), workloads});
    }
    return all;
}

uint64_t size_of(const RegionInfo& r) { return r.end - r.start; }

struct Room {
    uint64_t user, lowmem;  // bytes
};
Room room_of(const Facts& f) {
    const uint64_t kernel = 4 * gibibyte - f.region("lowmem").start;
    return {size_of(f.region("user")), kernel - 128 * mebibyte};
}

// Adds a row for each workload; returns those whose time is not the same at the other splits.
std::string compare_times(const Evidence& evidence, uint64_t memory_mib, Table& t) {
    const Facts& base = evidence.at(classic("3:1", memory_mib));
    std::string different;
    for (const std::string& w : workloads) {
        std::vector<Cell> row{text(w), memory_mib, cycles_each(base.span(w), base.costs)};
        bool same = true;
        for (const char* split : {"2:2", "1:3"}) {
            const SpanFacts& s = evidence.at(classic(split, memory_mib)).span(w);
            row.push_back(extra_cycles(s, base.span(w), base.costs));
            same = same && compare(s, base.span(w), base.costs) == Comparison::equal;
        }
        if (!same) different += (different.empty() ? "" : ", ") + w;
        t.row(std::move(row));
    }
    return different;
}

Findings judge(const Evidence& evidence) {
    Table room{"room",
               "linear addresses, and what is left of 1 GiB for HIGHMEM, MiB",
               {{"split"}, {"user_mib", "user"}, {"lowmem_mib", "lowmem at most"}, {"highmem_mib", "HIGHMEM"}}};
    bool less_user = true, more_kernel = true;
    Room before{};
    for (const char* split : shared_splits) {
        const Facts& f = evidence.at(classic(split));
        const Room now = room_of(f);
        if (before.user) less_user = less_user && now.user < before.user, more_kernel = more_kernel && now.lowmem > before.lowmem;
        before = now;
        const ZoneInfo& high = f.zone("HIGHMEM");
        room.row({text(split), now.user / mebibyte, now.lowmem / mebibyte, (high.end_pfn - high.start_pfn) >> 8});
    }
    Table time{"time",
               "cycles of one operation at 3:1, and what the other splits take more",
               {{"workload"},
                {"memory_mib", "memory MiB"},
                {"cycles_3_1", "3:1"},
                {"extra_2_2", "2:2 more"},
                {"extra_1_3", "1:3 more"}}};
    const std::string small = compare_times(evidence, small_memory, time), large = compare_times(evidence, mib_per_gib, time);
    const auto but = [](const std::string& some) { return some.empty() ? std::string{} : "; but not " + some; };
    return {{room, time},
            {{Weight::core, answer(less_user), "each step from 3:1 to 1:3 leaves programs less room"},
             {Weight::core, answer(more_kernel), "and the kernel more lowmem"},
             {Weight::limit, answer(small.empty()),
              "with 512 MiB, which every lowmem covers, all operations take the same counts everywhere" + but(small)},
             {Weight::limit, answer(large.empty()), "with 1 GiB, of which 3:1 has 127 MiB in HIGHMEM, too" + but(large)}}};
}

}  // namespace

Claim splits_claim() {
    return {
        "splits",
        "3:1, 2:2 and 1:3 trade user space against kernel space.",
        "Compares the three splits' regions, and the time of the workloads that all of them can run, at 512 MiB and at 1 GiB.",
        needs(),
        {{"PAGE_OFFSET of 3G, 2G, 1G", "0xC0000000, 0x80000000, 0x40000000", "Linux, arch/x86/Kconfig"}},
        judge};
}

}  // namespace tools::claims
