// SPDX-License-Identifier: LGPL-2.1-or-later
// Which frames of memory hold paging structures that have been walked, and what part of the linear address space each maps. Common to
// all CPUs.
#pragma once

#include <stdlib.h>

#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "mm/addr.hpp"
#include "mm/stale.hpp"

namespace plugin {

struct Free {
    void operator()(void* p) const { free(p); }
};
// Zero, and takes no memory where nothing was written.
template <class T> using Sparse = std::unique_ptr<T[], Free>;
template <class T> Sparse<T> make_sparse(size_t count) { return Sparse<T>{static_cast<T*>(calloc(count, sizeof(T)))}; }

constexpr uint32_t followed_frames = 1u << 24;  // of the first 64 GiB, all that 36 address bits reach

// Where a frame's entries stand in walks.
struct TablePlace {
    mm::TableLevel level{};
    uint16_t slot = 0;  // pte: the large page that it maps; pde: in PAE paging the GiB, else 0; pdpte: 32-byte block of the frame

    bool operator==(TablePlace o) const { return level == o.level && slot == o.slot; }
};

class TableWatch {
public:
    TableWatch() : table_of_{make_sparse<uint32_t>(followed_frames)} { tables_.emplace_back(); }

    bool watched(mm::Pfn f) const { return f.raw < followed_frames && table_of_[f.raw] != 0; }
    void watch(mm::Pfn f, TablePlace place);
    std::function<void(mm::Pfn)> on_found = [](mm::Pfn) {};  // a frame was not watched before
    // Empty if the frame is not watched.
    const std::vector<TablePlace>& places(mm::Pfn f) const { return tables_[f.raw < followed_frames ? table_of_[f.raw] : 0]; }
    void forget(mm::Pfn f, TablePlace place);
    uint64_t watched_frames() const { return tables_.size() - 1 - unused_.size(); }

    // What the guest says of its page tables' frames.
    struct Freed {
        uint32_t ip = 0;
        uint64_t ticks = 0;
    };
    void publish_freed(mm::Pfn f, Freed when) { freed_[f.raw] = when; }
    void publish_allocated(mm::Pfn f) { freed_.erase(f.raw); }
    const std::unordered_map<uint32_t, Freed>& freed_frames() const { return freed_; }
    const Freed* freed(mm::Pfn f) const {
        if (freed_.empty()) return nullptr;
        const auto found = freed_.find(f.raw);
        return found == freed_.end() ? nullptr : &found->second;
    }

private:
    Sparse<uint32_t> table_of_;                    // by frame: index in tables_; 0: no table
    std::vector<std::vector<TablePlace>> tables_;  // [0] stays empty
    std::vector<uint32_t> unused_;
    std::unordered_map<uint32_t, Freed> freed_;
};

}  // namespace plugin
