// SPDX-License-Identifier: LGPL-2.1-or-later
// The words of the command line that shape the memory.
#include "guest-kernel/kernel/memory_options.hpp"

namespace guest {
namespace {

constexpr uint64_t most_bytes = uint64_t{64} << 30;

unsigned suffix_shift(char c) {
    switch (c) {
    case 'K': return 10;
    case 'M': return 20;
    case 'G': return 30;
    default: return 0;
    }
}

// START-END or START-; an open end is the last frame that any machine has.
bool add_node(Text range, NodeMap& nodes) {
    const Maybe<uint64_t> start = parse_bytes(range);
    if (!start || range.empty() || *range.begin != '-') return false;
    ++range.begin;
    const Maybe<uint64_t> end = range.empty() ? Maybe<uint64_t>{most_bytes} : parse_bytes(range);
    if (!end || !range.empty()) return false;
    return nodes.add({mm::frame_of(mm::PhysAddr{*start}), mm::frame_of(mm::PhysAddr{*end})});
}

}  // namespace

Maybe<uint64_t> parse_bytes(Text& text) {
    uint64_t value = 0;
    const char* const first = text.begin;
    for (; text.begin < text.end && *text.begin >= '0' && *text.begin <= '9'; ++text.begin) {
        value = value * 10 + static_cast<unsigned>(*text.begin - '0');
        if (value > most_bytes) return {};
    }
    if (text.begin == first) return {};
    const unsigned shift = text.empty() ? 0 : suffix_shift(*text.begin);
    if (shift != 0) ++text.begin;
    if (value > most_bytes >> shift) return {};
    return value << shift;
}

bool parse_nodes(Text value, MemoryOptions& options) {
    if (value == "banks") return options.banks = true;
    NodeMap nodes;
    for (Text range = next_piece(value, ','); !range.empty(); range = next_piece(value, ','))
        if (!add_node(range, nodes)) return false;
    if (nodes.size() == 0) return false;
    options.nodes = nodes;
    return true;
}

bool parse_struct_page(Text value, MemoryOptions& options) {
    const Maybe<uint64_t> bytes = parse_bytes(value);
    for (uint32_t known : struct_page_sizes)
        if (bytes && value.empty() && *bytes == known) {
            options.page_bytes = known;
            return true;
        }
    return false;
}

NodeMap chosen_nodes(const MemoryOptions& options, const FrameRanges& ram) {
    if (options.banks) return nodes_of_banks(ram);
    return options.nodes.size() == 0 ? one_node(ram.end()) : nodes_with_memory(options.nodes, ram);
}

}  // namespace guest
