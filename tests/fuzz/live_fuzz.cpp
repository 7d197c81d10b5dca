// SPDX-License-Identifier: LGPL-2.1-or-later
// Any bytes as what a recording's socket tells a viewer: each line is refused with a message, or is shown as snapshots are.
#include <sstream>

#include "tools/error.hpp"
#include "tools/view/live_history.hpp"
#include "tools/view/live_message.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
    using namespace tools::view;
    std::istringstream lines{std::string{reinterpret_cast<const char*>(bytes), size}};
    LiveHistory history{50000000};
    for (std::string line; std::getline(lines, line);) {
        try {
            LiveMessage message = parse_live_message(line, "fuzzed");
            if (auto* const frame = std::get_if<LiveFrame>(&message)) history.complete(*frame, nullptr);
        } catch (const tools::Error&) {
        }
    }
    return 0;
}
