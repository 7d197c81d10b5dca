// SPDX-License-Identifier: LGPL-2.1-or-later
// Which zone a frame is in and which region a linear address is in, by index, fast.
#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "mm/addr.hpp"
#include "run_info.hpp"

namespace tools {

// A half-open range of numbers, and its index.
struct IndexedRange {
    uint64_t start, end;
    unsigned index;
    [[nodiscard]] bool holds(uint64_t v) const { return v - start < end - start; }
};

// Of the ranges that hold a number the first counts; what is in none has the index `other`. Numbers below blocks * 2^shift are looked up
// by blocks of 2^shift, most of which lie in one range.
template <unsigned shift, size_t blocks>
class RangeMap final {
public:
    RangeMap(std::vector<IndexedRange> ranges, unsigned other) : ranges_{std::move(ranges)}, other_{other} {
        for (size_t b = 0; b < blocks; ++b) {
            const uint64_t first = uint64_t{b} << shift, last = first + (uint64_t{1} << shift) - 1;
            const auto divides = [&](const IndexedRange& r) { return r.start < r.end && ((r.start > first && r.start <= last) || (r.end > first && r.end <= last)); };
            const unsigned index = search(first);
            blocks_[b] = index >= divided || std::any_of(ranges_.begin(), ranges_.end(), divides) ? divided : static_cast<uint16_t>(index);
        }
    }
    [[nodiscard]] unsigned other() const { return other_; }
    [[nodiscard]] unsigned find(uint64_t value) const {
        const uint64_t block = value >> shift;
        if (block < blocks && blocks_[block] != divided) return blocks_[block];
        return search(value);
    }

private:
    static constexpr uint16_t divided = 0xFFFF;
    [[nodiscard]] unsigned search(uint64_t value) const {
        for (const IndexedRange& r : ranges_)
            if (r.holds(value)) return r.index;
        return other_;
    }

    std::vector<IndexedRange> ranges_;
    unsigned other_;
    std::array<uint16_t, blocks> blocks_;  // the index of all numbers in it, or divided
};

// Display memory and ROM of every PC, 640 KiB to 1 MiB: inside ZONE_DMA, but no memory (frames, end exclusive).
inline constexpr uint32_t pc_hole_start = 0xA0, pc_hole_end = 0x100;

class ZoneMap final {
public:
    explicit ZoneMap(const std::vector<ZoneInfo>& zones) : map_{ranges(zones), static_cast<unsigned>(zones.size())} {}
    [[nodiscard]] unsigned other() const { return map_.other(); }
    [[nodiscard]] unsigned count() const { return other() + 1; }  // with `other`
    [[nodiscard]] unsigned of(mm::Pfn frame) const { return map_.find(frame.raw); }

private:
    static constexpr unsigned block_shift = 10, blocks = 1u << (36 - mm::page_shift - block_shift);  // 4 MiB each, 64 GiB in all

    static std::vector<IndexedRange> ranges(const std::vector<ZoneInfo>& zones) {
        std::vector<IndexedRange> all{{pc_hole_start, pc_hole_end, static_cast<unsigned>(zones.size())}};
        for (const ZoneInfo& z : zones) all.push_back({z.start_pfn, z.end_pfn, static_cast<unsigned>(all.size() - 1)});
        return all;
    }

    RangeMap<block_shift, blocks> map_;
};

// A region's index is its place in the run's list.
class RegionMap final {
public:
    explicit RegionMap(const std::vector<RegionInfo>& regions)
        : other_{static_cast<unsigned>(regions.size())}, user_first_{ordered(regions, true), other_},
          kernel_first_{ordered(regions, false), other_}, long_{wide(regions), other_} {}
    [[nodiscard]] unsigned other() const { return other_; }
    [[nodiscard]] unsigned count() const { return other() + 1; }

    // Of long mode: only regions that reach beyond 32 bits are its own.
    [[nodiscard]] unsigned of_long(uint64_t linear) const { return long_.find(linear); }

    // At 4:4 the user's and the kernel's regions overlap, being two address spaces: the access's privilege decides.
    // Elsewhere they do not, and the kernel's accesses to user memory count as the user region's.
    [[nodiscard]] unsigned of(mm::VirtAddr a, bool user_access) const { return (user_access ? user_first_ : kernel_first_).find(a.raw); }

private:
    static constexpr unsigned block_shift = 21, blocks = 1u << (32 - block_shift);

    static bool is_wide(const RegionInfo& r) { return r.end > uint64_t{1} << 32; }
    static std::vector<IndexedRange> ordered(const std::vector<RegionInfo>& regions, bool user_first) {
        std::vector<IndexedRange> all;
        for (const bool user : {user_first, !user_first})
            for (unsigned i = 0; i < regions.size(); ++i)
                if (const RegionInfo& r = regions[i]; !is_wide(r) && (r.name == "user") == user) all.push_back({r.start, r.end, i});
        return all;
    }
    static std::vector<IndexedRange> wide(const std::vector<RegionInfo>& regions) {
        std::vector<IndexedRange> all;
        for (unsigned i = 0; i < regions.size(); ++i)
            if (is_wide(regions[i])) all.push_back({regions[i].start, regions[i].end, i});
        return all;
    }

    unsigned other_;
    RangeMap<block_shift, blocks> user_first_, kernel_first_;
    RangeMap<block_shift, 0> long_;
};

}  // namespace tools
