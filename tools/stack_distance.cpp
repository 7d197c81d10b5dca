// SPDX-License-Identifier: LGPL-2.1-or-later
// Depths in a stack with empty places.
#include "stack_distance.hpp"

#include <algorithm>

namespace tools {
namespace {

constexpr uint32_t least_times = 1u << 16;
constexpr uint32_t nobody = UINT32_MAX - 1;  // at a time whose place is there no more

}  // namespace

StackDistances::StackDistances(uint32_t pages) : time_of_(pages), global_((pages + 63) / 64), page_at_(least_times, nobody), tree_(least_times) {}

void StackDistances::count(uint32_t time, int change) {
    for (uint32_t i = time; i < tree_.size(); i += i & (~i + 1)) tree_[i] += static_cast<uint32_t>(change);
}

uint32_t StackDistances::count_up_to(uint32_t time) const {
    uint32_t sum = 0;
    for (uint32_t i = time; i; i -= i & (~i + 1)) sum += tree_[i];
    return sum;
}

// The places below keep their order and get the times from 1 on.
void StackDistances::renumber() {
    std::vector<uint32_t> order;
    order.reserve(below_);
    for (uint32_t t = 1; t <= now_; ++t)
        if (page_at_[t] != nobody && !(page_at_[t] == empty && order.empty())) order.push_back(page_at_[t]);  // empty ones at the bottom hold nothing up
    const size_t times = std::max<size_t>(least_times, 4 * (order.size() + 1));
    page_at_.assign(times, nobody), tree_.assign(times, 0), empties_.clear();
    now_ = 0, below_ = static_cast<uint32_t>(order.size());
    for (const uint32_t page : order) {
        page_at_[++now_] = page;
        count(now_, 1);
        if (page == empty) empties_.push_back(now_);
        else time_of_[page] = now_;
    }
    std::make_heap(empties_.begin(), empties_.end());
}

void StackDistances::leave(uint32_t time) {
    count(time, -1), --below_;
    page_at_[time] = nobody;
}

void StackDistances::make_empty(uint32_t time) {
    page_at_[time] = empty;
    empties_.push_back(time);
    std::push_heap(empties_.begin(), empties_.end());
}

uint32_t StackDistances::topmost_empty() {
    for (; !empties_.empty(); empties_.pop_back()) {
        if (page_at_[empties_.front()] == empty) return empties_.front();
        std::pop_heap(empties_.begin(), empties_.end());
    }
    return 0;
}

// The places 0 .. n-1 of the front move down by one: what was at n is gone.
void StackDistances::put_on_top(uint32_t page, unsigned n) {
    std::copy_backward(front_.begin(), front_.begin() + n, front_.begin() + n + 1);
    front_[0] = page;
}

void StackDistances::use(uint32_t page, bool global, uint64_t repeats) {
    uses_ += 1 + repeats;
    at_depth_[0] += repeats;
    if (global) global_[page / 64] |= uint64_t{1} << page % 64;
    else global_[page / 64] &= ~(uint64_t{1} << page % 64);
    unsigned topmost = front_places;
    for (unsigned i = 0; i < in_front_; ++i) {
        if (front_[i] == empty && topmost == front_places) topmost = i;
        if (front_[i] != page) continue;
        ++at_depth_[i];
        put_on_top(page, std::min(topmost, i));
        if (topmost < i) front_[i] = empty;
        return;
    }
    const uint32_t was = time_of_[page];
    if (was) ++at_depth_[std::min(in_front_ + below_ - count_up_to(was), most_entries)];
    if (topmost < front_places) {
        put_on_top(page, topmost);
        time_of_[page] = 0;
        if (was) make_empty(was);
    } else if (in_front_ < front_places) {
        put_on_top(page, in_front_++);
    } else {
        come_from_below(page);
    }
}

// The front is full: its last page goes below.
void StackDistances::come_from_below(uint32_t page) {
    const uint32_t hole = topmost_empty(), was = time_of_[page];
    if (hole > was) leave(hole);
    if (was && hole > was) make_empty(was);
    else if (was) leave(was);
    time_of_[page] = 0;
    if (now_ + 1 >= page_at_.size()) renumber();
    const uint32_t last = front_[front_places - 1];
    page_at_[++now_] = last, time_of_[last] = now_;
    count(now_, 1), ++below_;
    put_on_top(page, front_places - 1);
}

void StackDistances::drop(uint32_t page) {
    if (const uint32_t time = time_of_[page]) {
        time_of_[page] = 0;
        return make_empty(time);
    }
    std::replace(front_.begin(), front_.begin() + in_front_, page, empty);
}

void StackDistances::drop_all(bool keep_global) {
    for (unsigned i = 0; i < in_front_; ++i)
        if (front_[i] != empty && !(keep_global && is_global(front_[i]))) front_[i] = empty;
    for (uint32_t t = 1; t <= now_; ++t) {
        const uint32_t page = page_at_[t];
        if (page == nobody || page == empty || (keep_global && is_global(page))) continue;
        time_of_[page] = 0;
        make_empty(t);
    }
    const auto is_empty = [](uint32_t page) { return page == empty; };
    if (!std::all_of(front_.begin(), front_.begin() + in_front_, is_empty)) return;
    // Where no page is left there is no place to fill either.
    if (std::all_of(page_at_.begin() + 1, page_at_.begin() + 1 + now_, [](uint32_t page) { return page == nobody || page == empty; })) {
        std::fill(page_at_.begin(), page_at_.begin() + 1 + now_, nobody);
        std::fill(tree_.begin(), tree_.end(), 0);
        empties_.clear();
        in_front_ = 0, now_ = 0, below_ = 0;
    }
}

uint64_t StackDistances::misses(unsigned entries) const {
    uint64_t hits = 0;
    for (unsigned d = 0; d < std::min(entries, most_entries); ++d) hits += at_depth_[d];
    return uses_ - hits;
}

}  // namespace tools
