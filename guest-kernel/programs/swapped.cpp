// SPDX-License-Identifier: LGPL-2.1-or-later
// A process whose pages are swapped out while it waits: it fills them, waits for a token, and looks whether they are still
// what they were, as often as it is told.
#include "guest-kernel/workload/swapped_program.hpp"

#include "guest-kernel/runtime/program.hpp"
#include "guest-kernel/workload/page_pattern.hpp"

namespace guest {
namespace {

class Pages {
public:
    Pages(uint32_t* region, const SwappedOrder& order) : region_{region}, order_{order} {}

    void fill(uint32_t seed) {
        for (uint32_t i = 0; i < order_.pages; ++i) fill_page(page(i), pattern_of(i, order_.contents), i + seed);
    }
    bool hold(uint32_t seed) const {
        for (uint32_t i = 0; i < order_.pages; ++i)
            if (!page_holds(page(i), pattern_of(i, order_.contents), i + seed)) return false;
        return true;
    }

    // Some words of each page are still what they were when fill() ended; the last one says how often touch() was here.
    bool touch(uint32_t round) {
        for (uint32_t i = 0; i < order_.pages; ++i) {
            uint32_t* const p = page(i);
            uint32_t sum = 0;
            for (uint32_t at = 0; at < last; at += stride) sum += p[at];
            if (round == 0) p[last - 1] = sum;
            else if (p[last - 1] != sum || p[last] != round) return false;
            p[last] = round + 1;
        }
        return true;
    }

private:
    static constexpr uint32_t last = pattern_words - 1, stride = 64;  // the words in between: the sum of the others is kept
    static_assert((last - 1) % stride != 0, "the sum is not among the words that are summed");
    uint32_t* page(uint32_t index) const { return region_ + index * pattern_words; }

    uint32_t* region_;
    SwappedOrder order_;
};

}  // namespace

extern "C" int program_swapped(uint32_t argument) {
    const auto order = SwappedOrder::unpack(argument);
    auto* const region = static_cast<uint32_t*>(map(order.pages * buffer_bytes));
    if (!mapped(region)) return 1;
    Pages pages{region, order};
    const bool fills = order.work == SwappedWork::turns;
    for (uint32_t round = 0; round < order.rounds; ++round) {
        if (fills || round == 0) pages.fill(round);
        if (!fills && !pages.touch(round)) return 2;
        take();
        if (order.end == SwappedEnd::killed) region[-1] = 0;  // below the lowest mapping
        if (order.end == SwappedEnd::untouched) return 0;
        const int32_t child = order.end == SwappedEnd::forks ? fork() : 0;
        if (fills && !pages.hold(round)) return 3;
        if (child > 0 && wait(child) != 0) return 4;
    }
    return 0;
}

}  // namespace guest
