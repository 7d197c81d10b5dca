// SPDX-License-Identifier: LGPL-2.1-or-later
// Which zone a frame is in and which region a linear address is in, by index, fast.
#pragma once

#include <vector>

#include "mm/addr.hpp"
#include "run_info.hpp"

namespace tools {

// Half-open ranges of numbers; anything in none of them has index count(), called `other`.
class RangeMap final {
public:
    void add(uint64_t start, uint64_t end) { ranges_.push_back({start, end}); }
    [[nodiscard]] unsigned count() const { return static_cast<unsigned>(ranges_.size()); }
    [[nodiscard]] unsigned find(uint64_t value) const {
        if (last_ < ranges_.size() && ranges_[last_].holds(value)) return last_;
        for (unsigned i = 0; i < ranges_.size(); ++i)
            if (ranges_[i].holds(value)) return last_ = i;
        return count();
    }

private:
    struct Range {
        uint64_t start, end;
        bool holds(uint64_t v) const { return v - start < end - start; }
    };
    std::vector<Range> ranges_;
    mutable unsigned last_ = 0;  // the answer before, which the next one often is
};

// Display memory and ROM of every PC, 640 KiB to 1 MiB: inside ZONE_DMA, but no memory (frames, end exclusive).
inline constexpr uint32_t pc_hole_start = 0xA0, pc_hole_end = 0x100;

class ZoneMap final {
public:
    explicit ZoneMap(const std::vector<ZoneInfo>& zones) {
        for (const ZoneInfo& z : zones) map_.add(z.start_pfn, z.end_pfn);
    }
    [[nodiscard]] unsigned other() const { return map_.count(); }
    [[nodiscard]] unsigned count() const { return map_.count() + 1; }  // with `other`
    [[nodiscard]] unsigned of(mm::Pfn frame) const {
        return frame.raw >= pc_hole_start && frame.raw < pc_hole_end ? other() : map_.find(frame.raw);
    }

private:
    RangeMap map_;
};

// A region's index is its place in the run's list, in both maps; a region of the other kind is an empty range there.
class RegionMap final {
public:
    explicit RegionMap(const std::vector<RegionInfo>& regions) {
        for (const RegionInfo& r : regions) {
            const bool user = r.name == "user", wide = r.end > uint64_t{1} << 32;
            long_.add(wide ? r.start : 0, wide ? r.end : 0);
            if (wide) {
                user_.add(0, 0), kernel_.add(0, 0);
                continue;
            }
            user_.add(user ? r.start : 0, user ? r.end : 0);
            kernel_.add(user ? 0 : r.start, user ? 0 : r.end);
        }
    }
    [[nodiscard]] unsigned other() const { return user_.count(); }
    [[nodiscard]] unsigned count() const { return other() + 1; }

    // Of long mode: only regions that reach beyond 32 bits are its own.
    [[nodiscard]] unsigned of_long(uint64_t linear) const { return long_.find(linear); }

    // At 4:4 the user's and the kernel's regions overlap, being two address spaces: the access's privilege decides.
    // Elsewhere they do not, and the kernel's accesses to user memory count as the user region's.
    [[nodiscard]] unsigned of(mm::VirtAddr a, bool user_access) const {
        const RangeMap& first = user_access ? user_ : kernel_;
        const unsigned found = first.find(a.raw);
        return found != other() ? found : (user_access ? kernel_ : user_).find(a.raw);
    }

private:
    RangeMap user_, kernel_, long_;
};

}  // namespace tools
