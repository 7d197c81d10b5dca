// SPDX-License-Identifier: LGPL-2.1-or-later
// Follows the guest's `tlb` chains on the host's own processor. Prints a table: pages, nanoseconds for a load of the chain through
// so many pages, and of the chain through as many lines of few pages. doc/timing-model.md compares it with the model.
//
//   pointer_chase [MAX-PAGES]      no more pages than that; 8192 if left out
//
// Each number is the least of many short samples: what interrupts, other programs and other guests of the machine take only adds.
#include <sched.h>
#include <sys/mman.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "guest-kernel/workload/pointer_chain.hpp"

namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned lengths[] = {4,   8,   12,  16,  20,  24,  32,  40,   48,   56,   64,   68,   72,   76,   80,   96,  112,
                                128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 2560, 3072, 3584, 4096, 5120, 6144, 8192};
constexpr unsigned samples = 200;
constexpr unsigned loads_of_sample = 16384;  // some 100 microseconds: few samples meet an interrupt

double nanoseconds_per_load(char* area, unsigned length, bool spread) {
    const guest::Link first = guest::PointerChain(area, length, spread).first();
    const unsigned rounds = loads_of_sample / length > 1 ? loads_of_sample / length : 1, steps = rounds * length;
    double best = 1e9;
    for (unsigned sample = 0; sample < samples; ++sample) {
        const Clock::time_point begin = Clock::now();
        const guest::Link end = guest::follow(first, steps);
        const std::chrono::duration<double, std::nano> took = Clock::now() - begin;
        if (end != first) std::abort();
        if (took.count() / steps < best) best = took.count() / steps;
    }
    return best;
}

// On one processor, in pages of 4 KiB that exist.
char* map_area(size_t bytes) {
    cpu_set_t here;
    CPU_ZERO(&here);
    CPU_SET(static_cast<unsigned>(sched_getcpu()), &here);
    if (sched_setaffinity(0, sizeof here, &here) != 0) std::perror("pointer_chase: sched_setaffinity");
    void* const area = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (area == MAP_FAILED || madvise(area, bytes, MADV_NOHUGEPAGE) != 0) {
        std::perror("pointer_chase: no memory in small pages");
        std::exit(1);
    }
    auto* const pages = static_cast<char*>(area);
    for (size_t at = 0; at < bytes; at += guest::PointerChain::page_bytes) pages[at] = 1;
    return pages;
}

}  // namespace

int main(int count, char** words) {
    const unsigned most = count > 1 ? static_cast<unsigned>(std::atoi(words[1])) : guest::longest_chain;
    char* const area = map_area(size_t{guest::longest_chain} * guest::PointerChain::page_bytes);
    std::printf("# pages  spread-ns  dense-ns\n");
    for (unsigned length : lengths)
        if (length <= most)
            std::printf("%u %.3f %.3f\n", length, nanoseconds_per_load(area, length, true), nanoseconds_per_load(area, length, false));
}
