// SPDX-License-Identifier: LGPL-2.1-or-later
// Frames at a chosen place in memory, for what depends on whether a device or the direct map reaches them.
//
//   0        16 MiB      lowmem's end              4 GiB
//   | dma    | normal    | highmem                 | above_4g        (a place may be empty: little memory, large lowmem)
#pragma once

#include "guest-kernel/kernel/memory.hpp"

namespace guest {

enum class Place : uint8_t { dma, normal, highmem, above_4g };
inline constexpr Place all_places[] = {Place::dma, Place::normal, Place::highmem, Place::above_4g};

constexpr const char* name(Place p) {
    constexpr const char* names[] = {"dma", "normal", "highmem", "above4g"};
    return names[static_cast<unsigned>(p)];
}

// A block of 2^order frames there, held as long as this lives; none if the place has no such block.
class PlacedFrames final {
public:
    PlacedFrames(Place place, unsigned order);
    ~PlacedFrames();
    PlacedFrames(const PlacedFrames&) = delete;
    PlacedFrames& operator=(const PlacedFrames&) = delete;

    explicit operator bool() const { return found_; }
    mm::Pfn operator[](uint32_t index) const { return first_ + mm::Pages{index & ((uint32_t{1} << order_) - 1)}; }

private:
    unsigned order_;
    mm::Pfn first_{};
    bool found_ = false;
};

}  // namespace guest
