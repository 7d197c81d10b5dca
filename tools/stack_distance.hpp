// SPDX-License-Identifier: LGPL-2.1-or-later
// How many misses a fully associative TLB of least-recent-use replacement would have, for all sizes at once: the stack distances of
// Mattson and others (IBM Systems Journal 9(2), 1970), with places that flushes left empty.
//
//   most recent | page | page | (empty) | page | ...         a page at depth d is in every TLB of d entries or more
//   |<-- front: searched -->|<-- below: by time stamp, counted with a tree -->|
//
// A flush leaves empty places at their depth. The next page that comes to the top from below the topmost of them, or from outside, fills
// it: what is below stays where it is, as in a TLB that fills an invalid entry before it evicts a valid one.
#pragma once

#include <stdint.h>

#include <array>
#include <vector>

namespace tools {

class StackDistances final {
public:
    static constexpr unsigned most_entries = 4096;  // depths beyond are not told apart

    // Pages are numbers below `pages`, whatever their size.
    explicit StackDistances(uint32_t pages);

    // `repeats`: how often again at once.
    void use(uint32_t page, bool global, uint64_t repeats);
    void drop(uint32_t page);
    void drop_all(bool keep_global);

    [[nodiscard]] uint64_t uses() const { return uses_; }
    // Uses that a TLB of so many entries, at most most_entries, would not serve.
    [[nodiscard]] uint64_t misses(unsigned entries) const;

private:
    static constexpr unsigned front_places = 16;
    static constexpr uint32_t empty = UINT32_MAX;  // instead of a page

    void put_on_top(uint32_t page, unsigned places_that_move);
    void come_from_below(uint32_t page);
    void leave(uint32_t time);                 // a place below that is there no more
    void make_empty(uint32_t time);
    [[nodiscard]] uint32_t topmost_empty();    // its time, 0: none
    void renumber();
    void count(uint32_t time, int change);
    [[nodiscard]] uint32_t count_up_to(uint32_t time) const;
    [[nodiscard]] bool is_global(uint32_t page) const { return global_[page / 64] >> page % 64 & 1; }

    std::array<uint32_t, front_places> front_{};
    unsigned in_front_ = 0;
    std::vector<uint32_t> time_of_;            // of each page, when it came below; 0: not there
    std::vector<uint64_t> global_;             // a bit for each page
    std::vector<uint32_t> page_at_, tree_;     // by time: the page, or empty; how many places there are (Fenwick's tree)
    std::vector<uint32_t> empties_;            // a heap of times, of which some are filled again
    uint32_t now_ = 0, below_ = 0;
    uint64_t uses_ = 0;
    std::vector<uint64_t> at_depth_ = std::vector<uint64_t>(most_entries + 1);  // [d]: uses of a page at depth d + 1
};

}  // namespace tools
