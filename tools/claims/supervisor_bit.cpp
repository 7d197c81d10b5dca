// SPDX-License-Identifier: LGPL-2.1-or-later
// Claim `supervisor-bit`: a kernel that stays mapped needs no flush, and the U/S bit keeps programs out.
#include "all.hpp"
#include "common.hpp"

namespace tools::claims {
namespace {

constexpr char crossing[] = "null-syscall", touch[] = "touch-kernel";
constexpr unsigned error_present = 1, error_user = 4;  // page-fault error code, Intel SDM vol. 3, 4.7

std::vector<Need> needs() {
    std::vector<Need> all;
    for (const char* split : every_split) all.push_back({classic(split), {crossing, touch}});
    return all;
}

Findings judge(const Evidence& evidence) {
    Table t{"crossing",
            "one null system call, and a program that reads a page of the kernel",
            {{"split"},
             {"cr3_writes", "CR3 writes"},
             {"invlpg", "INVLPG"},
             {"refills"},
             {"walks"},
             {"fault_code", "fault's error code"}}};
    bool no_flush = true, hidden = true;
    for (const char* split : every_split) {
        const Facts& f = evidence.at(classic(split));
        const SpanFacts& s = f.span(crossing);
        const uint64_t fault = f.fault_code(touch);
        t.row({text(split), each(s, s.events.cr3_writes), each(s, s.events.invlpg), each(s, s.refilled()), each(s, s.walks.walks),
               fault});
        if (split == std::string{"4:4"}) continue;
        no_flush = no_flush && s.events.cr3_writes == 0 && s.events.invlpg == 0 && s.refilled() == 0;
        hidden = hidden && (fault & error_present) && (fault & error_user);
    }
    return {
        {t},
        {{Weight::core, answer(no_flush), "at 3:1, 2:2 and 1:3 a system call flushes nothing and no page is walked for again"},
         {Weight::core, answer(hidden),
          "there a program that reads a kernel page faults although the page is present (error code bit 0): the U/S bit alone "
          "keeps it out"}}};
}

}  // namespace

Claim supervisor_bit_claim() {
    return {"supervisor-bit",
            "Splits other than 4:4 need no flush: kernel pages stay mapped and the U/S bit hides them.",
            "Counts CR3 writes, INVLPGs and refills of a null system call on each split; a program then reads a page of the "
            "kernel. 4:4 is shown for comparison.",
            needs(),
            {{"null system call, lmbench, P6", "330 to 365 cycles",
              "lmbench results for Linux 2.4 and 2.5, linux-kernel 2002 and 2003"}},
            judge};
}

}  // namespace tools::claims
