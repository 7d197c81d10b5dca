// SPDX-License-Identifier: LGPL-2.1-or-later
// The cost of 4:4 on the null system call, taken apart, beside what others measured.
#include <algorithm>
#include <sstream>

#include "sweep_table.hpp"
#include "text_table.hpp"

namespace tools {
namespace {

constexpr char measured_span[] = "null-syscall";
constexpr unsigned text_width = 116;

const SpanStatistics* null_call(const Statistics& s) {
    const auto at = std::find_if(s.spans.begin(), s.spans.end(), [](const SpanStatistics& span) { return span.name == measured_span; });
    return at == s.spans.end() || at->count == 0 || s.profiles.empty() ? nullptr : &*at;
}

Interval per_call(Interval cycles, uint64_t count) {
    const auto n = static_cast<double>(count);
    return {cycles.low / n, cycles.best / n, cycles.high / n};
}

std::string text_of(const Interval& i) { return rounded(i.best) + " (" + rounded(i.low) + "-" + rounded(i.high) + ")"; }

}  // namespace

std::string explain_four_four(const Statistics& three_one, const Statistics& four_four) {
    const SpanStatistics* const a = null_call(three_one);
    const SpanStatistics* const b = null_call(four_four);
    if (!a || !b) return {};
    const Profile& costs = four_four.profiles.front();
    const auto each = [](uint64_t sum, const SpanStatistics& s) { return static_cast<double>(sum) / static_cast<double>(s.count); };
    const double cr3 = each(b->sum.events.cr3_writes, *b);
    const Refills refills = refills_of(b->sum.profiles[0].causes);
    const double refilled = each(refills.split_switch + refills.context_switch, *b);
    const Interval before = per_call(three_one.cycles(a->sum, 0), a->count), after = per_call(four_four.cycles(b->sum, 0), b->count);
    const Interval flushes = per_call(b->sum.events.cr3_writes * costs.mov_cr3, b->count);
    const Interval walks = per_call(walk_cycles(b->sum.profiles[0].walks, costs), b->count);
    const double extra = each(b->sum.events.instructions, *b) - each(a->sum.events.instructions, *a);

    std::ostringstream out;
    const auto line = [&](const std::string& text) { out << "  " << wrapped(text, text_width, 2) << '\n'; };
    line("At 3:1 the kernel's pages stay mapped while a program runs, hidden by the U/S bit: a system call writes CR3 " +
         rounded(each(a->sum.events.cr3_writes, *a)) + " times and takes " + text_of(before) + " cycles.");
    line("At 4:4 the kernel has page tables of its own: each call writes CR3 " + rounded(cr3) + " times, once on the way in and once on the way out. Every "
         "write empties the TLB of what is not global; " + rounded(refilled) + " pages a call are then walked for again (" +
         (cr3 > 0 ? rounded(refilled / cr3) : std::string{"0"}) + " for each write).");
    const Interval more{after.low - before.low, after.best - before.best, after.high - before.high};
    line("That makes " + text_of(after) + " cycles, " + text_of(more) + " more: " + text_of(flushes) + " for the CR3 writes, " + text_of(walks) +
         " for the page walks, " + rounded(extra) + " instructions in the trampoline. A call of " + std::to_string(a->median) +
         " instructions hides nothing; longer operations above pay about the same, and it shows less.");
    line("Published: +3 us a call over 1 us, on servers of 2003 (I. Molnar, linux-kernel, 9 Jul 2003; 6,000 cycles at 2 GHz, on a Pentium 4, "
         "whose entry alone takes 1,761 cycles). On a P6, a 525 MHz Celeron, his table of 6 Apr 2004 (0.03 % and 0.31 % of the "
         "time at 1,000 ticks a second) makes 158 (classic) to 1,630 (PAE) cycles a kernel entry and exit. lmbench's null call on P6 at 3:1: 330 to 365 cycles.");
    return out.str();
}

}  // namespace tools
