// SPDX-License-Identifier: LGPL-2.1-or-later
// Memory nodes.
#include "guest-kernel/mm/node_map.hpp"

namespace guest {

using mm::Pfn;

bool NodeMap::add(FrameRange range) {
    if (range.end <= range.start || size_ == max_nodes) return false;
    if (size_ != 0 && range.start < ranges_[size_ - 1].end) return false;
    ranges_[size_++] = range;
    return true;
}

NodeMap one_node(Pfn end) {
    NodeMap nodes;
    require(nodes.add({Pfn{0}, end}), "a machine without memory");
    return nodes;
}

// Frame 0 belongs to the first bank even if the memory map leaves it out.
NodeMap nodes_of_banks(const FrameRanges& ram) {
    NodeMap nodes;
    Pfn start{0};
    for (unsigned index = 0; index < ram.size(); ++index) {
        const bool last = index + 1 == ram.size() || nodes.size() + 1 == max_nodes;
        const Pfn end = last ? ram.end() : ram[index].end;
        if (!last && ram[index + 1].start - end < bank_hole) continue;
        require(nodes.add({start, end}), "the memory map is not sorted");
        if (last) break;
        start = ram[index + 1].start;
    }
    return nodes;
}

NodeMap nodes_with_memory(const NodeMap& nodes, const FrameRanges& ram) {
    NodeMap present;
    for (unsigned node = 0; node < nodes.size(); ++node) {
        const FrameRange range{nodes[node].start, nodes[node].end < ram.end() ? nodes[node].end : ram.end()};
        if (range.start < range.end && ram.pages_within(range).raw != 0)
            require(present.add(range), "the nodes are not sorted");
    }
    return present.size() == 0 ? one_node(ram.end()) : present;
}

}  // namespace guest
