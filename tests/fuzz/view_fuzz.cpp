// SPDX-License-Identifier: LGPL-2.1-or-later
// Any bytes as the events of a trace that is looked at: every moment of it that there is can be gone to, in any order, and be inspected.
#include <functional>
#include <random>
#include <string_view>

#include "fuzzed_trace.hpp"
#include "tools/view/trace_source.hpp"

namespace {

void look_at(tools::view::TraceSource& source, std::mt19937_64& random) {
    for (int n = 0; n < 4; ++n) {
        const auto extent = source.extent();
        if (n != 0) source.seek(extent.first + random() % (extent.last - extent.first + 1));
        (void)source.approach(std::chrono::milliseconds{random() % 2});
        (void)source.snapshot();
        (void)source.inspect(mm::VirtAddr{static_cast<uint32_t>(random())});
        (void)source.step(random() % 2 ? 1 : -1);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
    static fuzz::FuzzedTrace trace;
    trace.replace("cpu0", bytes, size);
    std::mt19937_64 random{std::hash<std::string_view>{}({reinterpret_cast<const char*>(bytes), size})};
    try {
        tools::view::TraceSource source{trace.directory(), ""};
        look_at(source, random);
    } catch (const tools::Error&) {
    }
    return 0;
}
