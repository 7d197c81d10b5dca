// SPDX-License-Identifier: LGPL-2.1-or-later
// Strips out of totals that are known now and then: what was added between two moments is spread over the time between them.
#pragma once

#include <deque>

#include "tools/view/snapshot.hpp"

namespace tools::view {

class LiveStrips final {
public:
    static constexpr size_t most_columns = 256;

    // `interval`: ticks of a column, not 0.
    explicit LiveStrips(uint64_t interval) : interval_{interval} {}

    // The same numbers of zones and causes each time, or everything is begun anew.
    void take(const Snapshot& s);
    void clear();
    [[nodiscard]] Strips strips(const Snapshot& s) const;
    [[nodiscard]] uint64_t interval() const { return interval_; }

private:
    struct Column {
        std::vector<uint64_t> walks, flushes;  // by zone, by cause
        std::vector<double> cycles;            // by zone
    };
    Column& column(uint64_t number, const Snapshot& s);

    uint64_t interval_;
    uint64_t first_ = 0;                       // number of the first column
    std::deque<Column> columns_;
    bool has_last_ = false;
    uint64_t last_tick_ = 0;
    std::vector<Zone> last_zones_;
    std::vector<FlushCount> last_flushes_;
};

}  // namespace tools::view
