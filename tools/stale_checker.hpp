// SPDX-License-Identifier: LGPL-2.1-or-later
// The rules for the reports of missing flushes: each event by itself, and the sites of all streams together.
#pragma once

#include <map>
#include <string>

#include "trace_reader.hpp"

namespace tools {

// Takes the events of all streams, one stream after the other. With several CPUs each tells of any site, and a use may be taken back: a site
// whose uses all were is none. What is returned is what is wrong; empty if nothing is.
class StaleChecker final {
public:
    explicit StaleChecker(const RunInfo& run) : run_{run} {}

    [[nodiscard]] std::string take(uint64_t time, unsigned cpu, const mm::trace::Stale& e, const mm::trace::State& state);
    [[nodiscard]] std::string take(uint64_t time, const mm::trace::StaleUses& e);

    // After the last stream.
    [[nodiscard]] std::string finish() const;

private:
    const RunInfo& run_;
    // What was said last of a site, by whatever CPU.
    struct Site {
        uint64_t said{}, uses{};
        bool reported{};
    };
    std::map<unsigned, Site> sites_;
    unsigned cpu_ = 0;
    int last_site_ = -1;                   // of this stream
};

}  // namespace tools
