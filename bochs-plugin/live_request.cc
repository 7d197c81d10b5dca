// SPDX-License-Identifier: LGPL-2.1-or-later
// Requests, one word and its argument.
#include "live_request.h"

#include <errno.h>
#include <stdlib.h>

#include <algorithm>

namespace plugin {

namespace {

// A number of C's notation and nothing else.
bool parse_number(const std::string& text, uint64_t& number) {
    if (text.empty() || text[0] < '0' || text[0] > '9') return false;
    char* end = nullptr;
    errno = 0;
    number = strtoull(text.c_str(), &end, 0);
    return *end == 0 && errno == 0;
}

}  // namespace

std::string take_request(const std::string& line, const LiveHello& offered, LiveOrder& order) {
    const size_t blank = line.find(' ');
    const std::string word = line.substr(0, blank), argument = blank == std::string::npos ? "" : line.substr(blank + 1);
    uint64_t number = 0;
    if (word == "profile") {
        const auto found = std::find(offered.profiles.begin(), offered.profiles.end(), argument);
        if (found == offered.profiles.end()) return "profile '" + argument + "' is not modelled here; hello lists those that are";
        order.profile = static_cast<unsigned>(found - offered.profiles.begin());
    } else if (word == "cpu") {
        if (!parse_number(argument, number) || number >= offered.cpus) return "cpu '" + argument + "' is not here; there are " + std::to_string(offered.cpus) + ", from 0";
        order.cpu = static_cast<unsigned>(number);
    } else if (word == "inspect") {
        if (!parse_number(argument, number)) return "inspect '" + argument + "': give a linear address, such as 0xc0000000";
        order.inspect = number;
    } else {
        return "'" + word.substr(0, 40) + "' is no request; known: profile NAME, cpu NUMBER, inspect ADDRESS";
    }
    return {};
}

}  // namespace plugin
