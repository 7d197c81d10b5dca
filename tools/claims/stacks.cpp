// SPDX-License-Identifier: LGPL-2.1-or-later
// Claim `stacks`: threads until failure in fragmented lowmem, with stacks of two pages and of one.
#include "all.hpp"
#include "common.hpp"

namespace tools::claims {
namespace {

constexpr char workload[] = "threads", small_stacks[] = "4kstacks";
constexpr uint64_t page_kib = 4;

struct Kind {
    const char *append, *name;
    uint64_t stack_kib;
};
constexpr Kind kinds[] = {{"", "threads-8k", 8}, {small_stacks, "threads-4k", 4}};

Machine machine(const char* split, const Kind& kind) { return classic(split, mib_per_gib, kind.append); }

std::vector<Need> needs() {
    std::vector<Need> all;
    for (const char* split : every_split)
        for (const Kind& kind : kinds) all.push_back({machine(split, kind), {workload}});
    return all;
}

Findings judge(const Evidence& evidence) {
    Table t{"threads",
            "threads until one was refused, and what was free in lowmem then",
            {{"split"},
             {"stack_kib", "stack KiB"},
             {"threads"},
             {"free_single_kib", "free in single pages, KiB"},
             {"free_larger_kib", "in larger blocks, KiB"},
             {"stacks_free", "stacks that would fit"}}};
    bool memory_free = true, more_small = true;
    uint64_t least_free = UINT64_MAX;
    for (const char* split : every_split) {
        uint64_t threads[2] = {};
        for (const Kind& kind : kinds) {
            const Facts& f = evidence.at(machine(split, kind));
            const std::string name = kind.name;
            const uint64_t made = f.measure(name), single = f.measure(name + "-free-order-0") * page_kib,
                           larger = f.measure(name + "-free-larger") * page_kib;
            t.row({text(split), kind.stack_kib, made, single, larger, single / kind.stack_kib});
            threads[&kind - kinds] = made;
            if (&kind != kinds) continue;
            memory_free = memory_free && single >= made * kind.stack_kib;
            least_free = std::min(least_free, single);
        }
        more_small = more_small && threads[1] > threads[0];
    }
    return {{t},
            {{Weight::core, answer(memory_free),
              "threads with 8 KiB stacks end although single free pages would make as many stacks again: " + grouped(least_free) +
                  " KiB or more are free"},
             {Weight::core, answer(more_small), "with 4 KiB stacks, from any page, there are more threads in the same memory"}}};
}

}  // namespace

Claim stacks_claim() {
    return {"stacks",
            "8 KiB stacks need two contiguous lowmem pages; fragmentation makes thread creation fail with memory free.",
            "Scatters lowmem's free pages, makes threads until one is refused, and looks at the buddy allocator's blocks; the "
            "same with stacks of 4 KiB (4kstacks).",
            needs(),
            {{"8 KiB stacks", "order 1 allocations can be very hard to satisfy once the system has been running for a while",
              "lwn.net/Articles/84583, 2004"},
             {"consequence", "creation of new processes can fail", "lwn.net/Articles/17767, 2002"},
             {"THREAD_SIZE", "8 KiB", "Linux, arch/x86/include/asm/page_32_types.h"}},
            judge};
}

}  // namespace tools::claims
