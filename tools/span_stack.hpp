// SPDX-License-Identifier: LGPL-2.1-or-later
// Which span the events of a CPU belong to, and what the finished instances of each span add up to.
#pragma once

#include <algorithm>
#include <map>

#include "exact_median.hpp"
#include "statistics.hpp"

namespace tools {

// A span instance that has begun: what happened in it so far, inner instances that ended included.
struct OpenSpan {
    uint16_t id;
    uint32_t instructions_at_begin;
    Activity activity;
};

struct SpanTotals {
    uint64_t count = 0, least = UINT64_MAX, most = 0;
    ExactMedian median;
    Activity sum;
};

// Spans of all CPUs, by id.
using SpanTable = std::map<uint16_t, SpanTotals>;

// Follows the nesting of spans on one CPU and says which activity the events belong to now.
class SpanStack final {
public:
    SpanStack(const Activity& empty, Statistics& s, SpanTable& table)
        : empty_{empty}, outside_{s.outside}, outermost_{s.in_outermost_spans}, table_{table}, current_{&s.outside} {}

    Activity& current() { return *current_; }

    void begin(const mm::trace::SpanEdge& e) {
        if (depth_ == open_.size()) open_.push_back({0, 0, empty_});
        OpenSpan& span = open_[depth_++];
        span.id = e.span, span.instructions_at_begin = e.instructions;
        span.activity.clear();
        current_ = &span.activity;
    }
    // An end without its begin, or of another span, is the checker's business: it is passed over here.
    void end(const mm::trace::SpanEdge& e) {
        if (depth_ == 0 || open_[depth_ - 1].id != e.span) return;
        OpenSpan& span = open_[--depth_];
        current_ = depth_ ? &open_[depth_ - 1].activity : &outside_;
        const uint64_t instructions = e.instructions - span.instructions_at_begin;  // modulo 2^32
        span.activity.events.instructions = instructions;
        SpanTotals& totals = totals_of(e.span);
        ++totals.count;
        totals.least = std::min(totals.least, instructions);
        totals.most = std::max(totals.most, instructions);
        totals.median.add(instructions);
        totals.sum.add(span.activity);
        if (depth_) {
            // The outer instance counts its own instructions from begin to end: these are among them.
            span.activity.events.instructions = 0;
            current_->add(span.activity);
        } else {
            in_spans_ += instructions;
            outermost_.add(span.activity);
        }
    }
    // Instances that never ended belong to no span.
    void finish() {
        while (depth_) {
            open_[--depth_].activity.events.instructions = 0;
            outside_.add(open_[depth_].activity);
        }
    }
    [[nodiscard]] uint64_t instructions_in_spans() const { return in_spans_; }

private:
    SpanTotals& totals_of(uint16_t span) {
        const auto known = table_.find(span);
        if (known != table_.end()) return known->second;
        return table_.emplace(span, SpanTotals{0, UINT64_MAX, 0, ExactMedian{}, empty_}).first->second;
    }

    const Activity& empty_;
    Activity& outside_;
    Activity& outermost_;
    SpanTable& table_;
    std::vector<OpenSpan> open_;
    size_t depth_ = 0;
    Activity* current_;
    uint64_t in_spans_ = 0;
};

// Visits the instruction counts of all span instances again, as often as their medians need it to become exact.
void make_medians_exact(Trace& trace, SpanTable& spans);

}  // namespace tools
