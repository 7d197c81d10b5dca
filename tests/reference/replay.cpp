// SPDX-License-Identifier: LGPL-2.1-or-later
// replay DIR...: proves recordings made with `record --references`: the modelled TLBs by the reference model, the missing flushes by the
// naive detector. The first difference is said with its place and time; status 1.
#include <cstdio>

#include "mm/mmu_geometries.hpp"
#include "replayer.hpp"
#include "stale_replayer.hpp"
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

unsigned long long number(uint64_t n) { return n; }

void print(const std::string& name, size_t profiles, const reference::Replayer::Compared& c) {
    std::printf("%s: %zu profiles agree on %llu lookups, %llu walks of which %llu fault, %llu flushes, %llu counters\n", name.c_str(), profiles,
                number(c.lookups), number(c.walks), number(c.faults), number(c.flushes), number(c.counters));
}

void print(const std::string& name, const reference::StaleReplayer::Compared& c) {
    if (c.entry_writes == 0 && c.sites == 0) return void(std::printf("%s: missing flushes were not looked for\n", name.c_str()));
    std::printf("%s: the detectors agree on %llu lookups and %llu writes of entries: %llu sites of missing flushes, used %llu times; "
                "not judged are %llu lookups, %llu sites\n", name.c_str(),
                number(c.lookups - c.unjudged), number(c.entry_writes), number(c.sites), number(c.uses), number(c.unjudged), number(c.unproven));
}

bool proven(const char* directory) {
    tools::Trace trace{directory};
    for (tools::Stream& stream : trace.streams()) {
        reference::Replayer replayer{geometries_of(trace.run())};
        reference::StaleReplayer stale;
        uint64_t time = 0, offset = 0;
        try {
            stream.read_all([&](uint64_t t, const auto& event, const mm::trace::State& state, uint64_t at) {
                time = t, offset = at;
                replayer.take(event, state);
                stale.take(event, state);
            });
            replayer.finish();
            stale.finish();
        } catch (const reference::Difference& d) {
            std::printf("%s: offset %llu, time %llu: %s\n", stream.name().c_str(), number(offset), number(time), d.what());
            return false;
        }
        if (replayer.compared().lookups == 0) return std::printf("%s: there are no references in it\n", stream.name().c_str()), false;
        print(stream.name(), trace.run().profiles.size(), replayer.compared());
        print(stream.name(), stale.compared());
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
