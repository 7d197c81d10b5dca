// SPDX-License-Identifier: LGPL-2.1-or-later
// Joins spans into blocks.
#include "span_blocks.hpp"

#include <algorithm>

namespace tools {
namespace {

// Whether the next block joins the last.
bool joins(const SpanBlocks::Block& last, const SpanBlocks::Block& next, uint64_t grain) {
    return grain && next.begin - std::min(next.begin, last.end) < grain;
}

void join(SpanBlocks::Block& last, const SpanBlocks::Block& next) { last.end = std::max(last.end, next.end), last.spans += next.spans; }

}  // namespace

SpanBlocks::Lane* SpanBlocks::lane(unsigned cpu, uint16_t span) {
    const std::pair key{cpu, span};
    const auto known = lanes_.find(key);
    if (known != lanes_.end()) return &known->second;
    if (lanes_.size() == most_lanes) return nullptr;
    return &lanes_.emplace(key, Lane{cpu, span}).first->second;
}

void SpanBlocks::begin(unsigned cpu, uint16_t span, uint64_t time) {
    Lane* const l = lane(cpu, span);
    if (!l) return void(++left_out_);
    if (l->open++ == 0) l->began = time;
}

void SpanBlocks::end(unsigned cpu, uint16_t span, uint64_t time) {
    Lane* const l = lane(cpu, span);
    if (!l || l->open == 0) return;
    if (--l->open == 0) close(*l, time);
}

void SpanBlocks::end_all(unsigned cpu, uint64_t time) {
    for (auto& [key, l] : lanes_)
        if (l.cpu == cpu && l.open) l.open = 0, close(l, time);
}

std::vector<SpanBlocks::Lane> SpanBlocks::lanes() const {
    std::vector<Lane> all;
    for (const auto& [key, l] : lanes_) all.push_back(l);
    return all;
}

void SpanBlocks::close(Lane& l, uint64_t time) {
    const Block block{l.began, time, 1};
    if (!l.blocks.empty() && joins(l.blocks.back(), block, grain_)) return join(l.blocks.back(), block);
    l.blocks.push_back(block);
    if (++blocks_ > most_blocks) coarsen();
}

// Down to half of the room, so that it is not needed again at once.
void SpanBlocks::coarsen() {
    while (blocks_ > most_blocks / 2) {
        grain_ = grain_ ? 2 * grain_ : 1;
        blocks_ = 0;
        for (auto& [key, l] : lanes_) {
            size_t kept = 0;
            for (size_t i = 1; i < l.blocks.size(); ++i)
                if (joins(l.blocks[kept], l.blocks[i], grain_)) join(l.blocks[kept], l.blocks[i]);
                else l.blocks[++kept] = l.blocks[i];
            if (!l.blocks.empty()) l.blocks.resize(kept + 1);
            blocks_ += l.blocks.size();
        }
    }
}

}  // namespace tools
