// SPDX-License-Identifier: LGPL-2.1-or-later
// Claim `split-4-4`: what page tables of its own cost the kernel on each entry and exit.
#include "all.hpp"
#include "common.hpp"

namespace tools::claims {
namespace {

constexpr uint64_t memory_mib = 512;         // all of it lowmem at both splits: only the crossing differs
constexpr char crossing[] = "null-syscall";  // one entry, one exit, nothing else
const std::vector<std::string> workloads{crossing, "ipc", "ctx-2p-0k", "pagefault", "copy-from-user-low", "copy-to-user-low"};

// A cache of inode tables, whose inodes and dentries must be in lowmem.
constexpr char cache[] = "buffers";
constexpr uint64_t small_memory = 1, large_memories[] = {32, 64};  // GiB

std::vector<Need> needs() {
    std::vector<Need> all{{classic("3:1", memory_mib), workloads}, {classic("4:4", memory_mib), workloads}};
    for (const uint64_t gib : {small_memory, large_memories[0], large_memories[1]})
        for (const char* split : {"3:1", "4:4"}) all.push_back({pae(split, gib * mib_per_gib), {cache}});
    return all;
}

// One use of a cached block, at 3:1 and at 4:4.
Comparison compare_caches(const Evidence& evidence, uint64_t gib, Table& t) {
    const Facts &a = evidence.at(pae("3:1", gib * mib_per_gib)), &b = evidence.at(pae("4:4", gib * mib_per_gib));
    const SpanFacts &at_3_1 = a.span(cache), &at_4_4 = b.span(cache);
    const auto reread = [](const Facts& f) { return f.measure("buffers-reread"); };
    t.row({gib, a.measure("buffers-inodes"), reread(a), reread(b), cycles_each(at_3_1, a.costs), cycles_each(at_4_4, b.costs),
           extra_cycles(at_4_4, at_3_1, a.costs)});
    return compare(at_4_4, at_3_1, a.costs);
}

Findings judge(const Evidence& evidence) {
    const Facts &shared = evidence.at(classic("3:1", memory_mib)), &own = evidence.at(classic("4:4", memory_mib));
    Table t{"cost",
            "of one operation: CR3 writes, pages walked for again after them, cycles",
            {{"workload"},
             {"cr3_3_1", "CR3 3:1"},
             {"cr3_4_4", "CR3 4:4"},
             {"refills_3_1", "refills 3:1"},
             {"refills_4_4", "refills 4:4"},
             {"cycles_3_1", "cycles 3:1"},
             {"cycles_4_4", "cycles 4:4"},
             {"extra", "4:4 more"}}};
    Answer all_dearer = Answer::yes;
    for (const std::string& w : workloads) {
        const SpanFacts &a = shared.span(w), &b = own.span(w);
        t.row({text(w), each(a, a.events.cr3_writes), each(b, b.events.cr3_writes), each(a, a.refilled()), each(b, b.refilled()),
               cycles_each(a, shared.costs), cycles_each(b, own.costs), extra_cycles(b, a, own.costs)});
        if (const Answer more = dearer(compare(b, a, own.costs)); more != Answer::yes && all_dearer == Answer::yes)
            all_dearer = more;
    }
    const SpanFacts &a = shared.span(crossing), &b = own.span(crossing);
    const double cr3 = b.each(b.events.cr3_writes), refills = b.each(b.refills.split_switch);
    Table large{"cache",
                "one use of a cached block of an inode table; blocks whose inodes did not fit into lowmem are read again, whose "
                "wait is not in the cycles",
                {{"memory_gib", "GiB"},
                 {"inodes"},
                 {"reread_3_1", "blocks read again 3:1"},
                 {"reread_4_4", "4:4"},
                 {"cycles_3_1", "cycles 3:1"},
                 {"cycles_4_4", "cycles 4:4"},
                 {"extra", "4:4 more"}}};
    const Comparison small = compare_caches(evidence, small_memory, large),
                     at_32 = compare_caches(evidence, large_memories[0], large),
                     at_64 = compare_caches(evidence, large_memories[1], large);
    return {
        {t, large},
        {{Weight::core, answer(a.events.cr3_writes == 0 && cr3 >= 2),
          "a null system call writes CR3 " + rounded(cr3) + " times at 4:4 and " + rounded(a.each(a.events.cr3_writes)) +
              " times at 3:1"},
         {Weight::core, answer(refills > 0),
          rounded(refills) + " pages a call are then walked for again, at 3:1 " + rounded(a.each(a.refilled()))},
         {Weight::core, all_dearer,
          "every operation is dearer at 4:4; the null system call takes " + more_cycles(extra_cycles(b, a, own.costs)) + " more"},
         {Weight::core, small == Comparison::unknown ? Answer::unknown : answer(small != Comparison::less),
          "with 1 GiB 4:4 gains nothing: the cache is not cheaper there"},
         {Weight::core, cheaper(at_64), "with 64 GiB it is worth it: there is lowmem for the inodes of all cached blocks"},
         {Weight::limit, cheaper(at_32), "with 32 GiB, too"}}};
}

}  // namespace

Claim split_4_4_claim() {
    return {"split-4-4",
            "4:4 must flush the TLB on each kernel entry and exit; it is worth it only on large systems.",
            "Runs the same operations at 3:1 and 4:4 with 512 MiB, counts CR3 writes and the walks that they make necessary, and "
            "weighs both. Then uses a cache of inode tables, whose inodes must be in lowmem, with 1, 32 and 64 GiB.",
            needs(),
            {{"cost of a system call", "+3 us over 1 us", source::molnar_2003},
             {"an entry and exit on a 525 MHz Celeron, from the share of 1,000 ticks a second",
              "158 cycles (classic) to 1,630 (PAE)", source::molnar_2004},
             {"kernel build", "+4.3 % elapsed, +16.1 % system time", source::bligh_2003},
             {"when it is worth it", "not below 16 GB; 32 GB quite recommended, 64 GB a must", source::molnar_2003},
             {"typical overhead", "0 to 30 %", source::molnar_2003}},
            judge};
}

}  // namespace tools::claims
