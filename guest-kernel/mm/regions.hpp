// SPDX-License-Identifier: LGPL-2.1-or-later
// The regions of one address space (Linux: vm_area_struct): which linear addresses a process may use, and for what. Sorted,
// never overlapping, as many as kmalloc has memory for; neighbours that are alike are one region (Linux: vma_merge).
#pragma once

#include "guest-kernel/mm/kmalloc.hpp"

namespace guest {

enum class RegionKind : uint8_t { text, data, heap, stack, mmap };

struct Region {  // [start, end), page aligned
    uint32_t start, end;
    RegionKind kind;
    bool write, execute;  // reading is always allowed: 32-bit tables have no bit against it

    constexpr bool holds(uint32_t at) const { return at >= start && at < end; }
    constexpr bool alike(const Region& r) const { return kind == r.kind && write == r.write && execute == r.execute; }
};
static_assert(sizeof(Region) == 12);

enum class RegionStatus : uint8_t {
    done,
    taken,      // the range overlaps a region
    not_there,  // part of the range is in no region
    no_room,    // no hole is large enough
    bad_range,  // empty, not whole pages, or outside the user part
    no_memory,
};

// Nothing changes unless the status is `done`. The memory goes back with clear(), not with the object.
class Regions final {
public:
    explicit Regions(Kmalloc& kmalloc) : kmalloc_{&kmalloc} {}

    [[nodiscard]] RegionStatus insert(const Region& r);
    [[nodiscard]] RegionStatus remove(uint32_t start, uint32_t end);
    [[nodiscard]] RegionStatus protect(uint32_t start, uint32_t end, bool write, bool execute);
    [[nodiscard]] bool copy_from(const Regions& other);  // *this must be empty; false: no memory
    void clear();

    // Null if `at` is in no region.
    const Region* find(uint32_t at) const {
        const unsigned i = first_behind(at);
        return i < count_ && at >= list_[i].start ? &list_[i] : nullptr;
    }
    bool overlaps(uint32_t start, uint32_t end) const {
        const unsigned i = first_behind(start);
        return i < count_ && list_[i].start < end;
    }
    bool cover(uint32_t start, uint32_t end) const;  // every byte of [start, end)

    // The lowest hole of `bytes` that begins at `from` or above and ends at `to` or below; 0 if there is none.
    uint32_t lowest_hole(uint32_t from, uint32_t to, uint32_t bytes) const;

    // The regionless range around [start, end), which holds no region, within [0, limit).
    void hole_around(uint32_t start, uint32_t end, uint32_t& from, uint32_t& to, uint32_t limit) const;

    unsigned size() const { return count_; }
    const Region& operator[](unsigned i) const { return list_[i]; }

private:
    unsigned first_behind(uint32_t at) const;  // the first region whose end lies above `at`
    bool reserve(unsigned more);
    void open_gap(unsigned at);
    void split(uint32_t at);
    void merge(unsigned first, unsigned last);
    unsigned cuts(uint32_t start, uint32_t end) const;

    Kmalloc* kmalloc_;
    Region* list_ = nullptr;
    unsigned count_ = 0, capacity_ = 0;
};

}  // namespace guest
