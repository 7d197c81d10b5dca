// SPDX-License-Identifier: LGPL-2.1-or-later
// Turns the end of a recording into an outcome.
#include "record_outcome.hpp"

#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "bochs-plugin/debugger.h"
#include "bochs-plugin/lost_display.h"
#include "child_process.hpp"
#include "stale_output.hpp"
#include "symbols.hpp"
#include "text_table.hpp"

namespace tools {
namespace {

namespace fs = std::filesystem;

// Bochs' notes about its start ("00000000000i[      ] reading configuration ...") say nothing about its end.
std::string without_notes(const std::string& text) {
    std::istringstream lines{text};
    std::string rest;
    for (std::string line; std::getline(lines, line);)
        if (line.find_first_not_of("0123456789") == std::string::npos || line[line.find_first_not_of("0123456789")] != 'i')
            rest += (rest.empty() ? "" : "\n") + line;
    return rest;
}

// What Bochs gave as its last words, without its own decoration; the end of the file if it gave none.
std::string last_words(const fs::path& errors) {
    constexpr char heading[] = "Bochs is exiting with the following message:\n";
    const std::string text = tail_of(errors, 2000);
    const size_t at = text.find(heading);
    if (at == std::string::npos) return without_notes(tail_of(errors));
    const size_t start = at + sizeof heading - 1;
    return text.substr(start, text.find('\n', start) - start);
}

std::string after_colon(const std::string& text) { return text.empty() ? "" : ": " + text; }

// The guest's `not ok` lines.
std::vector<std::string> failed_tests(const fs::path& console) {
    std::vector<std::string> lines;
    std::ifstream in{console};
    for (std::string line; std::getline(in, line);) {
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
        if (line.rfind("not ok", 0) == 0 && line.find("# TODO") == std::string::npos) lines.push_back(line);
    }
    return lines;
}

// The guest's own last words, if it had any; as the end of a sentence.
std::string panic_of(const fs::path& console) {
    std::string found = "; its console is in " + console.string();
    std::ifstream in{console};
    for (std::string line; std::getline(in, line);)
        if (line.rfind("panic", 0) == 0) found = ": " + line.substr(0, line.find_last_not_of("\r ") + 1);
    return found;
}

// What only we know goes into run.json as well: why we stopped Bochs, and where names are.
void amend_run_file(const RecordOptions& o, Stop stop) {
    const fs::path file = o.output / hidden_directory / run_file;
    std::ifstream in{file};
    auto document = nlohmann::ordered_json::parse(in, nullptr, false);
    if (document.is_discarded() || !document.is_object()) return;
    bool changed = false;
    if (stop == Stop::timeout && document["end"]["reason"] == name(EndReason::interrupted)) {
        document["end"]["reason"] = name(EndReason::timeout);
        document["end"]["detail"] = "--timeout";
        changed = true;
    }
    if (!o.symbols.empty() && document.value("symbols", "").empty()) {
        document["symbols"] = symbols_file;
        changed = true;
    }
    if (!changed) return;
    const fs::path beside = file.string() + ".new";
    std::ofstream out{beside};
    out << document.dump(2) << '\n';
    out.close();
    if (!out) throw Failure{beside.string(), "cannot be written; is the disk full?"};
    fs::rename(beside, file);
}

// A mark that was never met: the guest's own end, however good, is not what was asked for. Empty if all were.
std::string unmet_mark(const RunInfo& run, const RecordOptions& o) {
    const fs::path& output = o.output;
    const char* const moved = run.symbols_moved_by ? " (the kernel moved itself, which marks do not follow: boot it with nokaslr)" : "";
    if (run.start && !run.start->met)
        return "the guest never came to --from-mark " + run.start->mark + moved + ", so nothing is recorded; the run ended: " + name(run.reason) + "; its console is in " +
               (output / hidden_directory / console_file).string();
    if (run.until && !run.until->met)
        return "the guest never came to --until " + run.until->mark + moved + (o.save.empty() ? "" : ", so the machine is not saved") + "; the run ended: " + name(run.reason) +
               (o.record ? "; all of it up to there is recorded" : "; its console is in " + (output / hidden_directory / console_file).string());
    return {};
}

// How the run ended, in words, and whether that is good.
void judge(RecordOutcome& outcome, const RecordOptions& o, int wait_status) {
    const RunInfo& run = outcome.run;
    const auto failed = [&](const std::string& problem) { outcome.status = Status::failed, outcome.problem = problem; };
    const std::string detail = run.detail.empty() ? "" : ": " + run.detail;
    const fs::path hidden = o.output / hidden_directory;
    switch (run.reason) {
    case EndReason::shutdown:
        if (run.guest_failures > 0) failed("the guest reports " + std::to_string(run.guest_failures) + " failures; its console is in " + (hidden / console_file).string());
        else if (run.guest_failures < 0 && o.image.empty()) failed("the guest powered off without a result" + panic_of(hidden / console_file));
        else if (!outcome.guest_failures.empty()) failed("the guest's tests failed; its console is in " + (hidden / console_file).string());
        break;
    case EndReason::instructions:
    case EndReason::mark: break;
    case EndReason::timeout: failed("--timeout was reached after " + rounded(o.timeout) + " s; the trace is readable up to there"); break;
    case EndReason::triple_fault: failed("the guest's processor shut down (triple fault)" + detail); break;
    case EndReason::halt: failed("the guest halted with interrupts off: nothing can happen any more" + detail); break;
    case EndReason::interrupted:
        if (o.debugger && run.detail == plugin::quit_words) {
            if (wait_status != 0) failed("the debugger could go no further: a command of the script that Bochs does not understand, or the end of its input");
            return;
        }
        failed(run.detail == plugin::lost_display_words ? "the recording ends where " + run.detail + "; the trace is readable up to there"
                                                        : "interrupted; the trace is readable up to here");
        break;
    case EndReason::disk_full: failed("the trace could not be written" + detail + "; free some space and record again"); break;
    case EndReason::stale: failed("stopped at the first missing TLB flush; see it with: zonescope stale " + o.output.string()); break;
    case EndReason::panic: failed("the guest did what Bochs cannot emulate, so that the run ends there" + detail); break;
    case EndReason::error: failed("the recording failed" + detail + ": " + last_words(hidden / "bochs.stderr")); break;
    case EndReason::running:
        failed("Bochs ended unexpectedly (" + describe_wait_status(wait_status) + ")" + after_colon(last_words(hidden / "bochs.stderr")) + "; see " + (hidden / "bochs.log").string());
        break;
    }
    const std::string unmet = unmet_mark(run, o);
    if (unmet.empty()) return;
    if (outcome.status == Status::done) failed(unmet);
    else if (run.start && !run.start->met) outcome.problem += " (before --from-mark " + run.start->mark + ": nothing is recorded)";
}

}  // namespace

std::string missing_flushes(const RunInfo& run, const fs::path& output) {
    if (!run.stale || run.stale->sites == 0 || run.reason == EndReason::stale) return {};
    return output.string() + ": " + stale_summary(run.stale->sites, run.stale->uses) + "; see them with: zonescope stale " + output.string();
}

RecordOutcome outcome_of(const RecordOptions& o, Stop stop, int wait_status) {
    const fs::path hidden = o.output / hidden_directory;
    if (!fs::exists(hidden / run_file)) {
        if (stop != Stop::none) throw Failure{o.output.string(), std::string{stop == Stop::timeout ? "--timeout was reached" : "interrupted"} + " before the guest started; there is no trace"};
        throw Failure{o.output.string(), "Bochs did not start recording (" + describe_wait_status(wait_status) + ")" + after_colon(last_words(hidden / "bochs.stderr"))};
    }
    amend_run_file(o, stop);
    RecordOutcome outcome;
    outcome.run = read_run_info(o.output);
    outcome.guest_failures = failed_tests(hidden / console_file);
    for (unsigned cpu = 0; cpu < o.cpus; ++cpu) {
        std::error_code error;
        const auto bytes = fs::file_size(o.output / ("cpu" + std::to_string(cpu)), error);
        outcome.stream_bytes += error ? 0 : bytes;
    }
    judge(outcome, o, wait_status);
    return outcome;
}

}  // namespace tools
