// SPDX-License-Identifier: LGPL-2.1-or-later
// A small sorted set of frames.
#include "guest-kernel/mm/frame_ranges.hpp"

namespace guest {

using mm::Pages;
using mm::Pfn;

namespace {

Pfn later(Pfn a, Pfn b) { return a < b ? b : a; }
Pfn earlier(Pfn a, Pfn b) { return a < b ? a : b; }

}  // namespace

void FrameRanges::erase(unsigned index) {
    --size_;
    for (; index < size_; ++index) ranges_[index] = ranges_[index + 1];
}

bool FrameRanges::insert(unsigned index, FrameRange range) {
    if (size_ == capacity) return false;
    for (unsigned i = size_; i > index; --i) ranges_[i] = ranges_[i - 1];
    ranges_[index] = range;
    ++size_;
    return true;
}

// Swallows every range that overlaps or touches the new one.
bool FrameRanges::add(FrameRange range) {
    if (range.end <= range.start) return true;
    unsigned index = 0;
    while (index < size_ && ranges_[index].end < range.start) ++index;
    while (index < size_ && ranges_[index].start <= range.end) {
        range.start = earlier(range.start, ranges_[index].start);
        range.end = later(range.end, ranges_[index].end);
        erase(index);
    }
    return insert(index, range);
}

bool FrameRanges::remove(FrameRange range) {
    if (range.end <= range.start) return true;
    for (unsigned index = 0; index < size_;) {
        const FrameRange whole = ranges_[index];
        if (whole.end <= range.start || whole.start >= range.end) {
            ++index;
            continue;
        }
        const FrameRange before{whole.start, range.start}, after{range.end, whole.end};
        const bool keep_before = before.start < before.end, keep_after = after.start < after.end;
        if (keep_before && keep_after) {
            ranges_[index] = before;
            return insert(index + 1, after);
        }
        if (!keep_before && !keep_after) {
            erase(index);
            continue;
        }
        ranges_[index++] = keep_before ? before : after;
    }
    return true;
}

Maybe<Pfn> FrameRanges::take_lowest(Pages count, uint32_t alignment, Pfn from, Pfn below) {
    for (unsigned index = 0; index < size_; ++index) {
        const uint64_t lowest = later(ranges_[index].start, from).raw;
        const uint64_t start = mm::align_up(lowest, alignment);
        if (start + count.raw > earlier(ranges_[index].end, below).raw) continue;
        const Pfn first{static_cast<uint32_t>(start)};
        if (!remove({first, first + count})) return {};
        return first;
    }
    return {};
}

Pages FrameRanges::pages_within(FrameRange window) const {
    Pages sum{};
    for (unsigned index = 0; index < size_; ++index) {
        const Pfn start = later(ranges_[index].start, window.start), end = earlier(ranges_[index].end, window.end);
        if (start < end) sum += end - start;
    }
    return sum;
}

Pfn FrameRanges::end() const { return size_ == 0 ? Pfn{0} : ranges_[size_ - 1].end; }

bool FrameRanges::check() const {
    for (unsigned index = 0; index < size_; ++index) {
        if (ranges_[index].end <= ranges_[index].start) return false;
        if (index + 1 < size_ && ranges_[index + 1].start <= ranges_[index].end) return false;
    }
    return true;
}

}  // namespace guest
