// SPDX-License-Identifier: LGPL-2.1-or-later
// Memory for the allocators under test: a page map, RAM ranges and page tables that are a std::map and count.
#pragma once

#include <cstring>
#include <map>
#include <vector>

#include "guest-kernel/mm/page_mapper.hpp"
#include "guest-kernel/mm/zonelist.hpp"

namespace guest_test {

using namespace guest;

// A zero-filled page map for frames [0, end).
class PageMap final {
public:
    explicit PageMap(uint32_t end, uint32_t page_bytes = sizeof(Page))
        : storage_(size_t{end} * page_bytes / sizeof(uint32_t)), end_{end}, page_bytes_{page_bytes} {}
    FrameTable table() { return FrameTable{storage_.data(), mm::Pfn{end_}, page_bytes_}; }

private:
    std::vector<uint32_t> storage_;
    uint32_t end_, page_bytes_;
};

// The kernel's page tables: linear page -> frame; fails when told to.
class FakeMapper final {
public:
    bool map(mm::VirtAddr at, mm::Pfn frame) {
        if (fail_after == 0) return false;
        if (fail_after > 0) --fail_after;
        ++writes;
        const bool fresh = entries.emplace(mm::page_of(at).raw, frame.raw).second;
        require(fresh, "test: the page was mapped already");
        return true;
    }
    bool map_device(mm::VirtAddr at, mm::Pfn frame) { return map(at, frame); }
    mm::Pfn unmap(mm::VirtAddr at) {
        ++writes;
        const auto entry = entries.find(mm::page_of(at).raw);
        require(entry != entries.end(), "test: the page was not mapped");
        const mm::Pfn frame{entry->second};
        entries.erase(entry);
        return frame;
    }
    void flush_page(FlushSite, mm::VirtAddr at) { ++page_flushes, last_flushed = at; }
    void flush_all(FlushReason reason) { ++full_flushes, last_reason = reason; }

    bool maps(mm::VirtAddr at, mm::Pfn frame) const {
        const auto entry = entries.find(mm::page_of(at).raw);
        return entry != entries.end() && entry->second == frame.raw;
    }

    std::map<uint32_t, uint32_t> entries;
    int fail_after = -1;  // how many more map() calls succeed; negative: all
    unsigned writes = 0, page_flushes = 0, full_flushes = 0;
    mm::VirtAddr last_flushed{};
    FlushReason last_reason{};
};

inline FrameRanges ranges(std::initializer_list<FrameRange> list) {
    FrameRanges set;
    for (const FrameRange& range : list) require(set.add(range), "test: too many ranges");
    return set;
}

inline FrameRange range(uint32_t start, uint32_t end) { return {mm::Pfn{start}, mm::Pfn{end}}; }

// A PC: 640 KiB, a hole to 1 MiB, RAM up to `end`.
inline FrameRanges pc_ram(uint32_t end) { return ranges({range(0, 160), range(256, end)}); }

constexpr mm::Layout classic(mm::Split s) { return mm::layout(s, mm::Paging::classic); }

}  // namespace guest_test
