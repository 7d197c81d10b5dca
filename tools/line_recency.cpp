// SPDX-License-Identifier: LGPL-2.1-or-later
// A list in order of use, a hash table into it, and a marker at the last node of each segment.
#include "line_recency.hpp"

#include <algorithm>

namespace tools {

LineRecency::LineRecency(const Limits& limits) : cold_{static_cast<unsigned>(limits.size())}, two_newest_{cold_ && limits[0] >= 2} {
    std::copy(limits.begin(), limits.end(), limits_.begin());
    const uint32_t capacity = (cold_ ? limits.back() : 0) + 1;  // one more, pushed in before the oldest is forgotten
    nodes_.resize(capacity);
    size_t size = 2;
    while (size < 2 * size_t{capacity}) size *= 2;
    buckets_.assign(size, none);
    bucket_mask_ = size - 1;
    last_.fill(none);
}

inline void LineRecency::unlink(uint32_t n) {
    Node& node = nodes_[n];
    (node.newer == none ? newest_ : nodes_[node.newer].older) = node.older;
    (node.older == none ? oldest_ : nodes_[node.older].newer) = node.newer;
}

inline void LineRecency::push_front(uint32_t n) {
    Node& node = nodes_[n];
    node.newer = none, node.older = newest_, node.segment = 0;
    (newest_ == none ? oldest_ : nodes_[newest_].newer) = n;
    newest_ = n;
}

inline void LineRecency::forget_oldest() {
    const uint32_t n = oldest_;
    uint32_t* link = &bucket(nodes_[n].line);
    while (*link != n) link = &nodes_[*link].hash_next;
    *link = nodes_[n].hash_next;
    unlink(n);
    free_ = n;
    --used_;
}

unsigned LineRecency::find(uint64_t line) {
    settle();
    uint32_t& first = bucket(line);
    uint32_t n = first;
    while (n != none && nodes_[n].line != line) n = nodes_[n].hash_next;
    const bool known = n != none;
    const unsigned found = known ? nodes_[n].segment : cold_;
    if (known) {
        if (found < cold_ && last_[found] == n) last_[found] = nodes_[n].newer;  // it is not the newest, so there is one
        unlink(n);
    } else {
        n = free_ != none ? free_ : used_;
        free_ = none;
        nodes_[n].line = line, nodes_[n].hash_next = first;
        first = n;
        ++used_;
    }
    push_front(n);
    if (two_newest_) second_line_ = newest_line_;
    newest_line_ = line;
    // Every segment that the line came past hands its last node to the next one.
    for (unsigned s = 0; s < found; ++s) {
        if (last_[s] != none) {
            nodes_[last_[s]].segment = s + 1;
            last_[s] = nodes_[last_[s]].newer;
        } else if (used_ == limits_[s]) {
            last_[s] = oldest_;
        }
    }
    if (used_ >= nodes_.size()) forget_oldest();
    return found;
}

}  // namespace tools
