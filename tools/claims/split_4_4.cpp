// SPDX-License-Identifier: LGPL-2.1-or-later
// Claim `split-4-4`: what page tables of its own cost the kernel on each entry and exit.
#include "all.hpp"
#include "common.hpp"

namespace tools::claims {
namespace {

constexpr uint64_t memory_mib = 512;         // all of it lowmem at both splits: only the crossing differs
constexpr char crossing[] = "null-syscall";  // one entry, one exit, nothing else
const std::vector<std::string> workloads{crossing, "ipc", "ctx-2p-0k", "pagefault", "copy-from-user-low", "copy-to-user-low"};

Findings judge(const Evidence& evidence) {
    const Facts &shared = evidence.at(classic("3:1", memory_mib)), &own = evidence.at(classic("4:4", memory_mib));
    Table t{"cost", "of one operation: CR3 writes, pages walked for again after them, cycles",
            {{"workload", "workload"}, {"cr3_3_1", "CR3 3:1"}, {"cr3_4_4", "CR3 4:4"}, {"refills_3_1", "refills 3:1"}, {"refills_4_4", "refills 4:4"},
             {"cycles_3_1", "cycles 3:1"}, {"cycles_4_4", "cycles 4:4"}, {"extra", "4:4 more"}}};
    Answer all_dearer = Answer::yes;
    for (const std::string& w : workloads) {
        const SpanFacts &a = shared.span(w), &b = own.span(w);
        t.row({text(w), each(a, a.events.cr3_writes), each(b, b.events.cr3_writes), each(a, a.refilled()), each(b, b.refilled()),
               cycles_each(a, shared.costs), cycles_each(b, own.costs), extra_cycles(b, a, own.costs)});
        if (const Answer more = dearer(compare(b, a, own.costs)); more != Answer::yes && all_dearer == Answer::yes) all_dearer = more;
    }
    const SpanFacts &a = shared.span(crossing), &b = own.span(crossing);
    const double cr3 = b.each(b.events.cr3_writes), refills = b.each(b.refills.split_switch);
    return {{t},
            {{Weight::core, answer(a.events.cr3_writes == 0 && cr3 >= 2), "a null system call writes CR3 " + rounded(cr3) + " times at 4:4 and " +
                                                                            rounded(a.each(a.events.cr3_writes)) + " times at 3:1"},
             {Weight::core, answer(refills > 0), rounded(refills) + " pages a call are then walked for again, at 3:1 " + rounded(a.each(a.refilled()))},
             {Weight::core, all_dearer, "every operation is dearer at 4:4; the null system call takes " + more_cycles(extra_cycles(b, a, own.costs)) + " more"}}};
}

}  // namespace

Claim split_4_4_claim() {
    return {"split-4-4",
            "4:4 must flush the TLB on each kernel entry and exit; it is worth it only on large systems.",
            "Runs the same operations at 3:1 and 4:4 with 512 MiB, counts CR3 writes and the walks that they make necessary, and weighs both.",
            {{classic("3:1", memory_mib), workloads}, {classic("4:4", memory_mib), workloads}},
            {{"cost of a system call", "+3 us over 1 us", source::molnar_2003},
             {"an entry and exit on a 525 MHz Celeron, from the share of 1,000 ticks a second", "158 cycles (classic) to 1,630 (PAE)", source::molnar_2004},
             {"kernel build", "+4.3 % elapsed, +16.1 % system time", source::bligh_2003},
             {"when it is worth it", "not below 16 GB; 32 GB quite recommended, 64 GB a must", source::molnar_2003},
             {"typical overhead", "0 to 30 %", source::molnar_2003}},
            judge};
}

}  // namespace tools::claims
