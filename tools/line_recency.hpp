// SPDX-License-Identifier: LGPL-2.1-or-later
// How many other cache lines were read since a line was last read: exact, in constant time and bounded memory.
//
//   most recent | n n n n | n n n n n n | n n n n n ... |  forgotten
//               segment 0   segment 1     segment 2        the last segment
//               ^ limits[0] lines ^ limits[1] lines ^ limits[2] lines
//
// A cache of n lines with least-recent-use replacement holds exactly the lines of the segments that end at n or before.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <array>
#include <utility>
#include <vector>

namespace tools {

class LineRecency final {
public:
    static constexpr unsigned max_limits = 6, max_segments = max_limits + 1;
    using Limits = std::vector<uint32_t>;  // at most max_limits, each at least 1, ascending

    explicit LineRecency(const Limits& limits);

    // Reads a line and returns the segment it was found in: 0 if fewer than limits[0] distinct other lines were read since its
    // last read, and so on; limits.size() if it was never read or is older than the last limit.
    unsigned read(uint64_t line) {
        // A walk reads one line of a directory and one of a table: very often those of the walk before.
        if (line == newest_line_) return 0;
        if (line == second_line_) return std::swap(newest_line_, second_line_), 0;
        return find(line);
    }
    [[nodiscard]] size_t bytes() const { return nodes_.size() * sizeof(Node) + buckets_.size() * sizeof(uint32_t); }

private:
    static constexpr uint32_t none = UINT32_MAX;
    struct Node {
        uint64_t line;
        uint32_t newer, older;   // neighbours in order of use
        uint32_t hash_next;
        uint32_t segment;
    };

    unsigned find(uint64_t line);
    // The list does not see how its two newest take turns until another line is looked up.
    void settle() {
        if (newest_ == none || nodes_[newest_].line == newest_line_) return;
        const uint32_t first = newest_, second = nodes_[first].older, third = nodes_[second].older;
        nodes_[first].newer = second, nodes_[first].older = third;
        nodes_[second].newer = none, nodes_[second].older = first;
        (third == none ? oldest_ : nodes_[third].newer) = first;
        if (last_[0] == second) last_[0] = first;
        newest_ = second;
    }
    // Lines of one page table lie side by side, as walks use them: the table of buckets is larger than the host's caches.
    uint32_t& bucket(uint64_t line) { return buckets_[(line + (line >> 12) * 0x9E3779B1u) & bucket_mask_]; }
    void unlink(uint32_t n);
    void push_front(uint32_t n);
    void forget_oldest();

    unsigned cold_;                            // the last segment: as many as there are limits
    std::array<uint32_t, max_limits> limits_{};
    std::vector<Node> nodes_;
    std::vector<uint32_t> buckets_;            // as many as a power of two
    uint64_t bucket_mask_;
    std::array<uint32_t, max_limits> last_;    // the oldest node of each limit, none while there are fewer nodes
    bool two_newest_;                          // segment 0 has room for two
    // No address has such a line. second_line_: unless there is no room for it.
    uint64_t newest_line_ = UINT64_MAX, second_line_ = UINT64_MAX;
    uint32_t newest_ = none, oldest_ = none, used_ = 0, free_ = none;
};

}  // namespace tools
