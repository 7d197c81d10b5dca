// SPDX-License-Identifier: LGPL-2.1-or-later
// How far the reading of a trace is, for people who wait.
#pragma once

#include "terminal.hpp"

namespace tools {

class ReadingProgress final {
public:
    // `what`: "reading DIR"; bytes of all its streams.
    ReadingProgress(std::string what, uint64_t bytes) : what_{std::move(what)}, bytes_{bytes} {}

    // A packet was read. Draws ten times a second at most; the last packet takes the bar away, and who reads again begins a new one.
    void read(uint64_t bytes) {
        done_ += bytes;
        if (done_ >= bytes_) return line_.wipe(), void(done_ = 0);
        const auto now = std::chrono::steady_clock::now();
        if (now < next_) return;
        next_ = now + std::chrono::milliseconds{100};
        line_.draw(what_, static_cast<double>(done_) / static_cast<double>(bytes_));
    }

private:
    ProgressLine line_;
    const std::string what_;
    const uint64_t bytes_;
    uint64_t done_ = 0;
    std::chrono::steady_clock::time_point next_{};
};

}  // namespace tools
