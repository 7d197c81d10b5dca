// SPDX-License-Identifier: LGPL-2.1-or-later
// Any bytes as the events of a trace.
#include <functional>
#include <string_view>

#include "fuzzed_trace.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
    static fuzz::FuzzedTrace trace;
    trace.replace("cpu0", bytes, size);
    trace.read();
    if (std::hash<std::string_view>{}({reinterpret_cast<const char*>(bytes), size}) % 64 == 0) trace.replay();
    return 0;
}
