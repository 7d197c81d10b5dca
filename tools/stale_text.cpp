// SPDX-License-Identifier: LGPL-2.1-or-later
// `stale` for people: a report as a sanitizer gives it.
#include <ostream>
#include <sstream>

#include "command_line.hpp"
#include "stale_advice.hpp"
#include "stale_output.hpp"
#include "stale_words.hpp"
#include "terminal.hpp"
#include "text_table.hpp"

namespace tools {
namespace {

constexpr unsigned width = 110, label_width = 10, indent = 2 + label_width;

// Under a label, or under the line above; a text of several lines keeps them.
void line(std::ostream& out, const char* label, const std::string& text) {
    std::string head = std::string{"  "} + label;
    head.resize(indent, ' ');
    std::istringstream lines{text};
    for (std::string part; std::getline(lines, part); head.assign(indent, ' ')) out << head << wrapped(part, width - indent, indent) << '\n';
}

void print_report(const StaleReport& r, unsigned number, const StaleNames& names, bool colours, std::ostream& out) {
    const mm::trace::Stale& e = r.first;
    out << styled(std::to_string(number) + ". missing TLB flush: " + title(e.kind) + ": " + access_words(r, names), Style::alarm, colours) << '\n';
    line(out, "used", use_words(r, names));
    line(out, "changed", change_words(r, names));
    line(out, "", entries_words(r));
    if (e.kind != mm::StaleKind::freed_table_used) line(out, "cached", cached_words(r, names));
    line(out, "hardware", hardware_words(r, names));
    line(out, "tables", tables_words(r, names));
    line(out, "needed", right_flush(r));
    line(out, "flushed", flushes_words(r, names));
    line(out, "escapes", escape_words(r, names));
    line(out, "count", grouped(r.uses) + (r.uses == 1 ? " use" : " uses") + " at this site");
    out << '\n';
}

std::string how_it_ended(const RunInfo& run) {
    if (run.reason == EndReason::stale) return "it was stopped at the first report (--stop-on-stale): there may be more";
    if (run.complete) return "the recording is complete";
    return std::string{"the recording was cut off ("} + (run.reason == EndReason::running ? "Bochs was killed, or records still" : name(run.reason)) + "): there may be more";
}

std::string searched_words(const RunInfo& run, const std::string& mode) {
    const std::string length = run.counted() ? grouped(run.instructions) + " instructions" : "an unknown number of instructions";
    return length + "; mode " + mode + mode_words(mode) + "; " + how_it_ended(run);
}

std::string followed_words(const StaleInfo& info, bool none) {
    std::string words = grouped(info.changes) + " changes of entries in use; translations that they left behind: " + grouped(info.held);
    if (info.held && none) words += ", all flushed before use, or harmless";
    if (info.in_time) words += "; " + grouped(info.in_time) + " uses of what another CPU was still changing, or told of by an interrupt: no mistakes";
    if (info.unsettled)
        words += ". There was no room to see whether a CPU was told of " + grouped(info.unsettled) + " more of these uses: what is reported of them may be no mistake";
    if (info.unfollowed == 0) return words;
    return words + ". Not everything was followed: there was no room for " + grouped(info.unfollowed) +
           " stale translations, or uses at further sites; there may be more";
}

}  // namespace

void print_stale(const std::vector<StaleReport>& reports, const StaleNames& names, const std::string& directory, bool colours, std::ostream& out) {
    const RunInfo& run = names.run();
    const StaleInfo info = run.stale.value_or(StaleInfo{.mode = "unknown"});
    uint64_t uses = 0;
    unsigned number = 0;
    for (const StaleReport& r : reports) print_report(r, ++number, names, colours, out), uses += r.uses;
    const uint64_t unjudged = run.long_mode_instructions;
    const std::string found = reports.empty() ? std::string{"no missing TLB flush found"} + (unjudged ? " outside long mode, which is not judged" : "")
                                              : stale_summary(reports.size(), uses);
    out << styled(directory + ": " + found, reports.empty() && !unjudged ? Style::good : Style::alarm, colours) << '\n';
    line(out, "searched", searched_words(run, info.mode));
    if (unjudged) line(out, "unjudged", grouped(unjudged) + " of these instructions: 64-bit paging, in which the search sleeps (doc/long-mode.md)");
    line(out, "followed", run.counted() ? followed_words(info, reports.empty()) : "unknown: that is said at the end of a recording");
}

}  // namespace tools
