// SPDX-License-Identifier: LGPL-2.1-or-later
// When the spans of a recording ran, in memory that does not grow with it: a lane for each span and CPU; spans of a lane that are
// nearer to each other than a grain of time are one block, and the grain doubles when there are too many blocks.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <map>
#include <utility>
#include <vector>

namespace tools {

class SpanBlocks final {
public:
    static constexpr size_t most_blocks = 4096, most_lanes = 256;

    struct Block {
        uint64_t begin{}, end{};  // ticks
        uint64_t spans{};         // how many it stands for
        friend bool operator==(const Block&, const Block&) = default;
    };
    struct Lane {
        unsigned cpu{};
        uint16_t span{};
        std::vector<Block> blocks{};  // by time
        uint64_t began{};             // of the one that is open
        unsigned open = 0;            // how deep it is in itself
    };

    void begin(unsigned cpu, uint16_t span, uint64_t time);
    void end(unsigned cpu, uint16_t span, uint64_t time);
    // Spans that are open on this CPU end here.
    void end_all(unsigned cpu, uint64_t time);

    [[nodiscard]] std::vector<Lane> lanes() const;                // by CPU, then by span
    [[nodiscard]] uint64_t grain() const { return grain_; }      // ticks; 0: every span is a block of its own
    [[nodiscard]] uint64_t left_out() const { return left_out_; }  // spans for which there was no lane

private:
    Lane* lane(unsigned cpu, uint16_t span);
    void close(Lane& lane, uint64_t time);
    void coarsen();

    std::map<std::pair<unsigned, uint16_t>, Lane> lanes_;
    size_t blocks_ = 0;
    uint64_t grain_ = 0, left_out_ = 0;
};

}  // namespace tools
