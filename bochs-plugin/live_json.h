// SPDX-License-Identifier: LGPL-2.1-or-later
// The lines that a viewer is sent: one JSON object each. doc/live-protocol.md is their description.
#pragma once

#include <string>
#include <vector>

#include "live_snapshot.h"

namespace plugin {

inline constexpr unsigned live_protocol = 1;

// What a viewer is told first.
struct LiveHello {
    std::string directory;                     // of the trace, absolute
    uint64_t memory_mib = 0, ips = 0;
    unsigned cpus = 1;
    std::vector<std::string> profiles, geometries;
};

std::string to_line(const LiveHello&);
std::string to_line(const LiveSnapshot&);
std::string inspection_line(const LiveSnapshot&);  // that has one
std::string end_line(const LiveSnapshot&);         // that is the last
std::string error_line(const std::string& message);

}  // namespace plugin
