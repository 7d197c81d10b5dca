// SPDX-License-Identifier: LGPL-2.1-or-later
// A sorted array: what a process has few of is found faster there than in a tree, and it grows by doubling.
#include "guest-kernel/mm/regions.hpp"

namespace guest {
namespace {

constexpr unsigned first_capacity = 10;  // text, data, heap, stack and some mappings, in a 128-byte object

}  // namespace

unsigned Regions::first_behind(uint32_t at) const {
    unsigned low = 0, high = count_;
    while (low < high) {
        const unsigned middle = (low + high) / 2;
        if (list_[middle].end > at) high = middle;
        else low = middle + 1;
    }
    return low;
}

bool Regions::reserve(unsigned more) {
    if (count_ + more <= capacity_) return true;
    unsigned capacity = capacity_ != 0 ? capacity_ : first_capacity;
    while (capacity < count_ + more) capacity *= 2;
    auto* const larger = static_cast<Region*>(kmalloc_->allocate(capacity * static_cast<uint32_t>(sizeof(Region))));
    if (!larger) return false;
    for (unsigned i = 0; i < count_; ++i) larger[i] = list_[i];
    kmalloc_->free(list_);
    list_ = larger;
    capacity_ = capacity;
    return true;
}

void Regions::open_gap(unsigned at) {
    for (unsigned i = count_++; i > at; --i) list_[i] = list_[i - 1];
}

RegionStatus Regions::insert(const Region& r) {
    const unsigned i = first_behind(r.start);
    if (i < count_ && list_[i].start < r.end) return RegionStatus::taken;
    if (!reserve(1)) return RegionStatus::no_memory;
    open_gap(i);
    list_[i] = r;
    merge(i, i + 1);
    return RegionStatus::done;
}

bool Regions::cover(uint32_t start, uint32_t end) const {
    for (unsigned i = first_behind(start); i < count_ && list_[i].start <= start; ++i) {
        if (list_[i].end >= end) return true;
        start = list_[i].end;
    }
    return false;
}

// How many regions the ends of the range divide in two.
unsigned Regions::cuts(uint32_t start, uint32_t end) const {
    const Region *const first = find(start), *const last = find(end);
    return (first && first->start < start) + (last && last->start < end);
}

// Makes `at` a border if it lies inside a region. There must be room.
void Regions::split(uint32_t at) {
    const unsigned i = first_behind(at);
    if (i == count_ || list_[i].start >= at) return;
    open_gap(i + 1);
    list_[i + 1] = list_[i];
    list_[i].end = list_[i + 1].start = at;
}

// Joins what has become alike at the borders from that before region `first` to that before `last`.
void Regions::merge(unsigned first, unsigned last) {
    if (last >= count_) last = count_ - 1;
    unsigned kept = first != 0 ? first - 1 : 0;
    for (unsigned i = kept + 1; i < count_; ++i) {
        if (i <= last && list_[kept].end == list_[i].start && list_[kept].alike(list_[i])) list_[kept].end = list_[i].end;
        else list_[++kept] = list_[i];
    }
    count_ = kept + 1;
}

RegionStatus Regions::remove(uint32_t start, uint32_t end) {
    if (!cover(start, end)) return RegionStatus::not_there;
    if (!reserve(cuts(start, end))) return RegionStatus::no_memory;
    split(start);
    split(end);
    const unsigned first = first_behind(start);
    unsigned last = first;
    while (last < count_ && list_[last].end <= end) ++last;
    for (unsigned i = last; i < count_; ++i) list_[first + i - last] = list_[i];
    count_ -= last - first;
    return RegionStatus::done;
}

RegionStatus Regions::protect(uint32_t start, uint32_t end, bool write, bool execute) {
    if (!cover(start, end)) return RegionStatus::not_there;
    if (!reserve(cuts(start, end))) return RegionStatus::no_memory;
    split(start);
    split(end);
    const unsigned first = first_behind(start);
    unsigned last = first;
    for (; last < count_ && list_[last].end <= end; ++last) {
        list_[last].write = write;
        list_[last].execute = execute;
    }
    merge(first, last);
    return RegionStatus::done;
}

bool Regions::copy_from(const Regions& other) {
    require(count_ == 0, "regions copied over others");
    if (!reserve(other.count_)) return false;
    for (; count_ < other.count_; ++count_) list_[count_] = other.list_[count_];
    return true;
}

void Regions::clear() {
    kmalloc_->free(list_);
    list_ = nullptr;
    count_ = capacity_ = 0;
}

uint32_t Regions::lowest_hole(uint32_t from, uint32_t to, uint32_t bytes) const {
    for (unsigned i = first_behind(from); i < count_ && from < to; ++i) {
        if (list_[i].start > from && list_[i].start - from >= bytes) break;
        from = list_[i].end;
    }
    return from < to && to - from >= bytes ? from : 0;
}

void Regions::hole_around(uint32_t start, uint32_t end, uint32_t& from, uint32_t& to, uint32_t limit) const {
    const unsigned next = first_behind(start);
    require(next == count_ || list_[next].start >= end, "a hole with a region in it");
    from = next != 0 ? list_[next - 1].end : 0;
    to = next < count_ ? list_[next].start : limit;
}

}  // namespace guest
