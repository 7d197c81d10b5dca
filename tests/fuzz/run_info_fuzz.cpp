// SPDX-License-Identifier: LGPL-2.1-or-later
// Any bytes as what a trace says of its recording.
#include "fuzzed_trace.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
    static fuzz::FuzzedTrace trace;
    trace.replace(".zonescope/run.json", bytes, size);
    trace.read();
    return 0;
}
