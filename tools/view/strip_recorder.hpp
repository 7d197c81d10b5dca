// SPDX-License-Identifier: LGPL-2.1-or-later
// Counts of the last intervals of time: walks and their cycles by zone, flushes by cause.
#pragma once

#include <vector>

#include "mm/refill_cause.hpp"
#include "tools/view/snapshot.hpp"

namespace tools::view {

// The causes that are flushes, in the order of mm::RefillCause.
inline constexpr unsigned first_flush_cause = static_cast<unsigned>(mm::RefillCause::fault) + 1;
inline constexpr unsigned flush_causes = mm::refill_causes - first_flush_cause;

class StripRecorder final {
public:
    static constexpr size_t columns = 256, most_zones = 64;

    // `interval`: ticks, not 0. `zones`: with `other`; those beyond most_zones are not kept.
    StripRecorder(uint64_t interval, size_t zones);

    // Times never go back.
    void walk(uint64_t time, size_t zone, double cycles) {
        const size_t c = column(time);
        if (zone < zones_) ++walks_[zone * columns + c], cycles_[zone * columns + c] += cycles;
    }
    void flush(uint64_t time, unsigned cause) { ++flushes_[(cause - first_flush_cause) * columns + column(time)]; }

    // Up to the interval that holds `time`, which is not before the last event's.
    [[nodiscard]] Strips strips(uint64_t time, size_t zones) const;
    [[nodiscard]] size_t bytes() const { return (walks_.size() + cycles_.size() + flushes_.size()) * 8; }

private:
    size_t column(uint64_t time) {
        const uint64_t n = time / interval_;
        if (n > newest_) forget(n);
        return n % columns;
    }
    void forget(uint64_t newest);

    uint64_t interval_, newest_ = 0;  // number of the newest interval
    size_t zones_;
    std::vector<uint64_t> walks_;     // by zone and number of the interval modulo columns
    std::vector<double> cycles_;
    std::vector<uint64_t> flushes_;   // by cause
};

}  // namespace tools::view
