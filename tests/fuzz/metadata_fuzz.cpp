// SPDX-License-Identifier: LGPL-2.1-or-later
// Any bytes as what a trace says of its format: that is the format of this version, or it is said where it is not.
#include "fuzzed_trace.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
    static fuzz::FuzzedTrace trace;
    trace.replace("metadata", bytes, size);
    trace.check();
    return 0;
}
