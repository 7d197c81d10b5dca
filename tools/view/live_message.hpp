// SPDX-License-Identifier: LGPL-2.1-or-later
// The lines that a recording sends to viewers (doc/live-protocol.md), as values.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "tools/run_info.hpp"
#include "tools/view/snapshot.hpp"
#include "tools/view/walk_inspection.hpp"

namespace tools::view {

inline constexpr uint64_t live_protocol = 1;

struct LiveHello {
    uint64_t protocol = 0, memory_mib = 0, ips = 0, cpus = 1;
    std::string directory;                     // of the trace
    std::vector<std::string> profiles, geometries;
};

// A snapshot of one moment: what needs no other moment to be known is in place.
struct LiveFrame {
    Snapshot shown;
    bool last = false, recording = false;
    uint64_t counted_since = 0;                // tick
    std::vector<uint64_t> zone_reads;          // entries that walks read, as shown.zones
    std::vector<ZoneInfo> zones;               // without `other`
    std::vector<RegionInfo> regions;
};

// The entries that a walk reads, each by where it lies, and where its translation is cached.
struct LiveWalk {
    uint64_t tick = 0, linear = 0;
    unsigned cpu = 0;
    mm::trace::State registers;
    struct Step {
        mm::PhysAddr at{};
        uint64_t value = 0;
        bool in_register = false;
        std::optional<uint64_t> changed, unchanged_since;  // ticks
    };
    std::vector<Step> steps;
    std::vector<CachedTranslation> cached;     // `agrees` is not known yet: true
};

struct LiveEnd {
    std::string reason;
};
struct LiveComplaint {
    std::string message;
};

// Of a type that this viewer does not know: nothing.
using LiveMessage = std::variant<std::monostate, LiveHello, LiveFrame, LiveWalk, LiveEnd, LiveComplaint>;

// Throws InputError, with `subject` named, if it is no line of the protocol.
[[nodiscard]] LiveMessage parse_live_message(const std::string& line, const std::string& subject);

}  // namespace tools::view
