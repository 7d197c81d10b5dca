// SPDX-License-Identifier: LGPL-2.1-or-later
// Memory nodes: which frames lie together on one bank. One node is the normal case (Linux i386 without NUMA), whatever
// holes its memory has.
#pragma once

#include "guest-kernel/mm/frame_ranges.hpp"

namespace guest {

inline constexpr unsigned max_nodes = 4;

// The holes of a PC that do not end a bank (640 KiB to 1 MiB, 15 to 16 MiB) are smaller; that below 4 GiB is larger.
inline constexpr mm::Pages bank_hole{4096};

class NodeMap final {
public:
    // False, and nothing added, if the range is empty, does not lie behind all that were added, or there are too many.
    [[nodiscard]] bool add(FrameRange range);

    unsigned size() const { return size_; }
    const FrameRange& operator[](unsigned node) const { return ranges_[node]; }

private:
    FrameRange ranges_[max_nodes]{};
    unsigned size_ = 0;
};

// All frames below `end` in node 0.
NodeMap one_node(mm::Pfn end);

// A node for each bank: RAM without a hole of bank_hole or more. The last node takes what exceeds max_nodes.
NodeMap nodes_of_banks(const FrameRanges& ram);

// The nodes that have RAM, numbered from 0, each cut to the frames below ram.end(). One node if none is left.
NodeMap nodes_with_memory(const NodeMap& nodes, const FrameRanges& ram);

}  // namespace guest
