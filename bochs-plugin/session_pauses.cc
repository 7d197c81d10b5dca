// SPDX-License-Identifier: LGPL-2.1-or-later
// Parts of the run that are left out of the recording. The trace stays whole: for it nothing happens meanwhile but that time passes, as in an
// idle processor without paging, and that all which was cached or known is forgotten: registers may be others afterwards. A span of no
// instructions shows where.
#include <algorithm>

#include "cpu_state.h"
#include "session.h"

namespace plugin {

using namespace mm;

namespace {

constexpr char left_out_name[] = "not recorded";

// One that the guest has not named.
uint16_t free_span(const RunInfo& info) {
    uint16_t id = protocol::max_span_names - 1;
    while (id > 0 && std::any_of(info.spans.begin(), info.spans.end(), [&](const RunInfo::Span& s) { return s.id == id; })) --id;
    return id;
}

}  // namespace

void CpuState::suspend(const Position& at, uint16_t span) {
    catch_up(at);
    record_counters();
    trace::State without_paging = state_;
    without_paging.control.cr0 &= ~cr0_pg;
    change_state(without_paging, RefillCause::control);
    suspended_at_ = machine_.instructions();
    record(trace::SpanEdge{trace::EventId::span_begin, span, static_cast<uint32_t>(instructions())});
}

void CpuState::go_on(const trace::State& state, uint16_t span) {
    first_instruction_ += machine_.instructions() - suspended_at_.value_or(machine_.instructions());
    suspended_at_.reset();
    change_state(state, RefillCause::control);
    record(trace::SpanEdge{trace::EventId::span_end, span, static_cast<uint32_t>(instructions())});
    for (CpuListener* each : listeners_) each->begins(*this);
}

// Spans that are open end here as far as the trace is concerned: where in the part that is left out they will end it cannot tell.
void Session::suspend(const std::vector<Position>& at) {
    if (!recording()) return;
    if (!suspensions_) left_out_span_ = free_span(info_);
    for (size_t n = 0; n < cpus_.size(); ++n) {
        Cpu& cpu = *cpus_[n];
        for (size_t open = cpu.open_spans.size(); open-- > 0;) {
            if (!cpu.open_spans[open].recorded) continue;
            cpu.open_spans[open].recorded = false;
            cpu.state->span_edge(trace::EventId::span_end, static_cast<uint16_t>(cpu.open_spans[open].id), at[n]);
        }
        if (!suspensions_) cpu.state->guest_event(trace::SpanName{left_out_span_, left_out_name}, at[n]);
        cpu.state->suspend(at[n], left_out_span_);
    }
    ++suspensions_;
    suspended_ = true;
    save();
}

void Session::go_on(const std::vector<trace::State>& states) {
    if (!suspended_) return;
    suspended_ = false;
    for (size_t n = 0; n < cpus_.size(); ++n) cpus_[n]->state->go_on(states.empty() ? cpus_[n]->state->state() : states[n], left_out_span_);
}

}  // namespace plugin
