// SPDX-License-Identifier: LGPL-2.1-or-later
// Shows the moment.
#include "tools/event_text.hpp"
#include "tools/view/inspect.hpp"
#include "tools/view/trace_source_opened.hpp"

namespace tools::view {
namespace {

EventLine line_of(const EventRow& row) {
    EventLine line{row.time, mm::trace::kind_of(row.id).name, event_text(row), 0, false};
    for (const auto& [name, value] : row.fields)
        if (std::string_view{name} == "linear" && value.number <= UINT32_MAX) line.page = mm::page_of(mm::VirtAddr{static_cast<uint32_t>(value.number)}).raw, line.has_page = true;
    return line;
}

void add(std::string& note, const std::string& more) { note += (note.empty() ? "" : "; ") + more; }

}  // namespace

std::string TraceSource::note() const {
    std::string note;
    const Recording& r = opened_->recording;
    if (!index_.damage().empty()) add(note, "the trace is damaged, and is shown up to there: " + index_.damage());
    if (!r.has_profile) add(note, "no profile was modelled: there are no walks, and no TLBs");
    else if (!r.references) add(note, "TLB entries are exact only with --references: uses are not recorded, so the entry that was filled first is taken for the one that makes room");
    else if (opened_->now.tlbs().out_of_turn()) add(note, "TLB entries are not exact: " + std::to_string(opened_->now.tlbs().out_of_turn()) + " walks are missing, or are not where the references say");
    if (opened_->now.follower().registers().control.mode() == mm::PagingMode::long_mode) add(note, "long mode: nothing is modelled, only Bochs' own walks are counted");
    if (opened_->now.follower().entries().has_forgotten()) add(note, "page-table entries seen long ago were forgotten: there are too many");
    return note;
}

const Snapshot& TraceSource::snapshot() {
    arrive();
    if (snapshot_is_current_) return snapshot_;
    Snapshot& s = snapshot_;
    const Opened& o = *opened_;
    s.tick = tick_, s.cpu = cpu_;
    s.complete = o.recording.run.complete && index_.damage().empty(), s.live = live();
    o.now.follower().show(std::max(tick_, o.now.follower().time()), s);
    s.tlbs = o.now.tlbs().views();
    s.tlbs_exact = o.recording.references && o.recording.has_profile && o.now.tlbs().out_of_turn() == 0;
    s.note = note();
    s.last = {};
    if (o.now.at().events > 0)
        if (const auto row = opened_->search.row_before(o.now.at())) s.last = line_of(*row);
    snapshot_is_current_ = true;
    return s;
}

WalkInspection TraceSource::inspect(mm::VirtAddr address) {
    arrive();
    const Opened& o = *opened_;
    WalkInspection w = inspect_address(address, o.now.follower().registers(), o.now.follower().entries(), o.recording, o.now.tlbs().views());
    w.tick = tick_, w.cached_exact = o.recording.references && o.now.tlbs().out_of_turn() == 0;
    return w;
}

}  // namespace tools::view
