// SPDX-License-Identifier: LGPL-2.1-or-later
// Medians of spans with more distinct lengths than there are counters.
#include "span_stack.hpp"

namespace tools {
namespace {

namespace trace = mm::trace;

// Visits the instruction counts of all span instances again, to narrow the medians that need it.
class MedianPass final {
public:
    explicit MedianPass(std::map<uint16_t, ExactMedian*>& wanted) : wanted_{wanted} {}
    template <class Event> void take(const Event& e) {
        if constexpr (std::is_same_v<Event, trace::SpanEdge>) edge(e);
    }

private:
    void edge(const trace::SpanEdge& e) {
        if (e.which == trace::EventId::span_begin) return open_.push_back(e);
        if (open_.empty() || open_.back().span != e.span) return;
        if (const auto at = wanted_.find(e.span); at != wanted_.end()) at->second->add(e.instructions - open_.back().instructions);
        open_.pop_back();
    }
    std::map<uint16_t, ExactMedian*>& wanted_;
    std::vector<trace::SpanEdge> open_;
};

}  // namespace

void make_medians_exact(Trace& trace, SpanTable& spans) {
    for (;;) {
        std::map<uint16_t, ExactMedian*> wanted;
        for (auto& [id, totals] : spans)
            if (!totals.median.exact()) totals.median.narrow(), wanted.emplace(id, &totals.median);
        if (wanted.empty()) return;
        for (Stream& stream : trace.streams()) {
            stream.rewind();
            MedianPass pass{wanted};
            stream.read_all([&](uint64_t, const auto& event, const trace::State&, uint64_t) { pass.take(event); });
        }
    }
}

}  // namespace tools
