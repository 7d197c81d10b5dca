// SPDX-License-Identifier: LGPL-2.1-or-later
// The cost of 4:4 on the null system call, taken apart, beside what others measured.
#include <algorithm>
#include <sstream>

#include "stat_names.hpp"
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

// What one call is charged by the first profile, on average.
Charges charges_each(const SpanStatistics& s) { return Statistics::charges(s.sum, 0) / static_cast<double>(s.count); }

// The part of the charges that lies from `first` on, up to and without `end`.
Charges part(const Charges& all, size_t first, size_t end) {
    Charges some;
    std::copy(all.times.begin() + static_cast<ptrdiff_t>(first), all.times.begin() + static_cast<ptrdiff_t>(end), some.times.begin() + static_cast<ptrdiff_t>(first));
    return some;
}

}  // namespace

std::string explain_four_four(const Statistics& three_one, const Statistics& four_four) {
    const SpanStatistics* const a = null_call(three_one);
    const SpanStatistics* const b = null_call(four_four);
    if (!a || !b) return {};
    const auto each = [](uint64_t sum, const SpanStatistics& s) { return static_cast<double>(sum) / static_cast<double>(s.count); };
    const double cr3 = each(b->sum.events.cr3_writes, *b);
    const Refills refills = refills_of(b->sum.profiles[0].causes);
    const double refilled = each(refills.split_switch + refills.context_switch, *b);
    // What both calls pay, they pay at the same price: it cancels before anything is weighed.
    const Prices& prices = four_four.prices.front();
    const Charges before = charges_each(*a), after = charges_each(*b), more = after - before;
    const auto text_of = [&](const Charges& charges) { return interval_text(cycles(charges, prices)); };
    constexpr auto mov_cr3 = static_cast<size_t>(Charge::mov_cr3), second_hit = static_cast<size_t>(Charge::second_hit);

    std::ostringstream out;
    const auto line = [&](const std::string& text) { out << "  " << wrapped(text, text_width, 2) << '\n'; };
    line("At 3:1 the kernel's pages stay mapped while a program runs, hidden by the U/S bit: a system call writes CR3 " +
         rounded(each(a->sum.events.cr3_writes, *a)) + " times and takes " + text_of(before) + " cycles, best (low-high), by profile " + four_four.profiles.front().name + ".");
    line("At 4:4 the kernel has page tables of its own: each call writes CR3 " + rounded(cr3) + " times, once on the way in and once on the way out. Every "
         "write empties the TLB of what is not global; " + rounded(refilled) + " pages a call are then walked for again (" +
         (cr3 > 0 ? rounded(refilled / cr3) : std::string{"0"}) + " for each write).");
    line("That makes " + text_of(after) + " cycles, " + text_of(more) + " more: " + text_of(part(more, mov_cr3, mov_cr3 + 1)) + " for the CR3 writes, " +
         text_of(part(more, second_hit, charge_count)) + " for TLB misses, " + rounded(more[Charge::instruction]) + " instructions in the trampoline. A call of " + std::to_string(a->median) +
         " instructions hides nothing; longer operations above pay about the same, and it shows less.");
    line("Published: +3 us a call over 1 us, on servers of 2003 (I. Molnar, linux-kernel, 9 Jul 2003; 6,000 cycles at 2 GHz, on a Pentium 4, "
         "whose entry alone takes 1,761 cycles). On a P6, a 525 MHz Celeron, his table of 6 Apr 2004 (0.03 % and 0.31 % of the "
         "time at 1,000 ticks a second) makes 158 (classic) to 1,630 (PAE) cycles a kernel entry and exit. lmbench's null call on P6 at 3:1: 330 to 365 cycles.");
    return out.str();
}

}  // namespace tools
