// SPDX-License-Identifier: LGPL-2.1-or-later
// A small sorted set of frames: what the boot loader said is RAM, and what of it is still free while the kernel boots.
// Linux' bootmem in the size that this kernel needs; it hands over to the zones and is not used afterwards.
#pragma once

#include "guest-kernel/mm/maybe.hpp"
#include "mm/addr.hpp"

namespace guest {

struct FrameRange {
    mm::Pfn start, end;  // exclusive
    constexpr mm::Pages size() const { return end - start; }
};

class FrameRanges final {
public:
    static constexpr unsigned capacity = 64;

    // Both round nothing and may overlap what is there. False if the set would need more than `capacity` ranges.
    [[nodiscard]] bool add(FrameRange range);
    [[nodiscard]] bool remove(FrameRange range);

    // Takes `count` frames, first frame a multiple of `alignment` (a power of two) and in [from, below): the lowest.
    Maybe<mm::Pfn> take_lowest(mm::Pages count, uint32_t alignment, mm::Pfn from, mm::Pfn below);

    unsigned size() const { return size_; }
    const FrameRange& operator[](unsigned index) const { return ranges_[index]; }

    mm::Pages pages_within(FrameRange window) const;  // how many frames of the set lie in the window
    mm::Pfn end() const;                              // one beyond the last frame; 0 if empty
    bool check() const;                               // sorted, apart, none empty

private:
    void erase(unsigned index);
    [[nodiscard]] bool insert(unsigned index, FrameRange range);

    FrameRange ranges_[capacity]{};
    unsigned size_ = 0;
};

}  // namespace guest
