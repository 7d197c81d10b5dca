// SPDX-License-Identifier: LGPL-2.1-or-later
// Collects stale events.
#include "stale_report.hpp"

#include <algorithm>

namespace tools {

void StaleCollector::begin(unsigned cpu) {
    cpu_ = cpu;
    cr3_write_.reset(), invpcid_.reset();
    invlpgs_.assign(remembered, {});
}

void StaleCollector::take(uint64_t time, const mm::trace::Stale& e, const mm::trace::State& state) {
    const uint32_t page = mm::page_of(e.linear).raw;
    const Invlpg& last = invlpgs_[page % remembered];
    const bool flushed = invpcid_ && (invpcid_->event.type != mm::trace::InvpcidType::address || mm::page_of(invpcid_->event.linear).raw == page);
    Site& site = sites_[e.site];
    if (!site.report || time >= site.report->ticks)
        site.report = {e, cpu_, time, 1, state.control, cr3_write_, last.page == page ? std::optional{last.seen} : std::nullopt,
                       flushed ? std::optional{invpcid_->seen} : std::nullopt};
    count(site, time, 1);
}

std::vector<StaleReport> StaleCollector::finish() {
    std::vector<StaleReport> reports;
    for (auto& [number, site] : sites_) {
        if (!site.report || site.uses == 0) continue;
        site.report->uses = site.uses;
        reports.push_back(*site.report);
    }
    std::stable_sort(reports.begin(), reports.end(), [](const StaleReport& a, const StaleReport& b) { return a.ticks < b.ticks; });
    return reports;
}

std::vector<StaleReport> collect_stale(Trace& trace) {
    StaleCollector collector;
    for (Stream& stream : trace.streams()) {
        collector.begin(stream.cpu());
        stream.rewind();
        stream.read_all([&](uint64_t time, const auto& event, const mm::trace::State& state, uint64_t) { collector.take(time, event, state); });
    }
    return collector.finish();
}

}  // namespace tools
