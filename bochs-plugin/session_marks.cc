// SPDX-License-Identifier: LGPL-2.1-or-later
// Where a recording starts and ends within the guest's run.
#include "session.h"

namespace plugin {

using namespace mm;

// A recording starts between two instructions, so the machine is asked to pause there; it ends at once. The instruction by which the guest
// said the mark, if any, counts as the recording's first.
bool Session::meet_mark() {
    if (ended()) return false;
    const bool start = marks_.wants_start();
    const Machine& machine = *cpus_[0]->machine;
    auto& met = start ? info_.start : info_.until;
    met = {describe(marks_.wanted()), true, machine.ticks(), machine.instructions()};
    marks_.advance();
    if (!start && options_.save.empty()) return end(EndReason::mark, info_.until.mark), true;
    due_ = start ? Due::start : Due::save;
    control_.pause();
    return true;
}

// Span names are told anew, so that the streams have all of them; the span whose begin was the mark begins here.
void Session::start(const std::vector<trace::State>& states, const Position& at) {
    due_ = Due::nothing;
    started_ = true;
    for (size_t n = 0; n < cpus_.size(); ++n)
        cpus_[n]->state->begin(states[n], n == 0 ? info_.start.instructions : cpus_[n]->machine->instructions());
    for (const RunInfo::Span& s : info_.spans) cpu(0).guest_event(trace::SpanName{static_cast<uint16_t>(s.id), s.name.c_str()}, at);
    for (const auto& each : cpus_) {
        if (each->open_spans.empty() || !each->open_spans.back().is_mark) continue;
        each->open_spans.back().recorded = true;
        each->state->span_begun(static_cast<uint16_t>(each->open_spans.back().id));
    }
    save();
}

std::vector<Session::SpanNow> Session::open_spans(unsigned number) const {
    std::vector<SpanNow> spans;
    for (const OpenSpan& open : cpus_[number]->open_spans) {
        spans.push_back({open.id, ""});
        for (const RunInfo::Span& named : info_.spans)
            if (named.id == open.id) spans.back().name = named.name.c_str();
    }
    return spans;
}

uint64_t Session::next_count() const {
    if (ended() || cpus_.empty()) return 0;
    uint64_t next = wanted().kind == RunMark::Kind::instructions ? wanted().number : 0;
    if (started_ && options_.instructions != 0) {
        uint64_t all = 0;
        for (const auto& each : cpus_) all += each->machine->instructions();
        const uint64_t limit = all - recorded_instructions() + options_.instructions;
        if (next == 0 || limit < next) next = limit;
    }
    return next;
}

}  // namespace plugin
