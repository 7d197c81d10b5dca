// SPDX-License-Identifier: LGPL-2.1-or-later
// replay DIR...: proves recordings made with `record --references` by the reference model. The first difference is said with
// its place and time; status 1.
#include <cstdio>

#include "mm/mmu_geometries.hpp"
#include "replayer.hpp"
#include "tools/trace_reader.hpp"

namespace {

std::vector<mm::MmuGeometry> geometries_of(const tools::RunInfo& run) {
    std::vector<mm::MmuGeometry> list;
    for (const std::string& name : run.profiles) {
        const mm::MmuGeometry* const g = mm::find_geometry(name.c_str());
        if (!g) throw std::runtime_error{name + ": is no built-in profile"};
        list.push_back(*g);
    }
    return list;
}

bool proven(const char* directory) {
    tools::Trace trace{directory};
    for (tools::Stream& stream : trace.streams()) {
        reference::Replayer replayer{geometries_of(trace.run())};
        uint64_t time = 0, offset = 0;
        try {
            stream.read_all([&](uint64_t t, const auto& event, const mm::trace::State& state, uint64_t at) {
                time = t, offset = at;
                replayer.take(event, state);
            });
            replayer.finish();
        } catch (const reference::Difference& d) {
            std::printf("%s: offset %llu, time %llu: %s\n", stream.name().c_str(), static_cast<unsigned long long>(offset), static_cast<unsigned long long>(time), d.what());
            return false;
        }
        const auto& c = replayer.compared();
        if (c.lookups == 0) return std::printf("%s: there are no references in it\n", stream.name().c_str()), false;
        std::printf("%s: %zu profiles agree on %llu lookups, %llu walks of which %llu fault, %llu flushes, %llu counters\n", stream.name().c_str(), trace.run().profiles.size(),
                    static_cast<unsigned long long>(c.lookups), static_cast<unsigned long long>(c.walks), static_cast<unsigned long long>(c.faults),
                    static_cast<unsigned long long>(c.flushes), static_cast<unsigned long long>(c.counters));
    }
    return true;
}

}  // namespace

int main(int count, char** words) {
    if (count < 2) return std::fprintf(stderr, "usage: replay DIR...\n"), 2;
    try {
        for (int n = 1; n < count; ++n)
            if (!proven(words[n])) return 1;
    } catch (const std::exception& e) {
        return std::fprintf(stderr, "replay: %s\n", e.what()), 2;
    }
    return 0;
}
