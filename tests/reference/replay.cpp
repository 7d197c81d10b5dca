// SPDX-License-Identifier: LGPL-2.1-or-later
// replay DIR...: proves recordings made with `record --references`: the modelled TLBs by the reference model, the missing flushes by the
// naive detector. The first difference is said with its place and time; status 1.
#include <cstdio>
#include <deque>

#include "mm/mmu_geometry_text.hpp"
#include "replayer.hpp"
#include "stale_replayer.hpp"
#include "tools/trace_reader.hpp"

namespace {

// The TLBs that were modelled, as the recording says: the user's own, and those that were built in then.
class Recorded final {
public:
    explicit Recorded(const tools::RunInfo& run) {
        if (run.geometries.size() != run.profiles.size()) throw std::runtime_error{"run.json has no geometries: record again"};
        for (const std::string& text : run.geometries) {
            Named& n = named_.emplace_back();
            if (const char* const wrong = mm::parse_geometry(text.c_str(), n.geometry, n.name)) throw std::runtime_error{text + ": " + wrong};
        }
    }
    [[nodiscard]] std::vector<mm::MmuGeometry> geometries() const {
        std::vector<mm::MmuGeometry> list;
        for (const Named& n : named_) list.push_back(n.geometry);
        return list;
    }

private:
    struct Named {
        mm::MmuGeometry geometry;
        char name[mm::max_profile_name + 1];  // to which the geometry points
    };
    std::deque<Named> named_;
};

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
    const Recorded recorded{trace.run()};
    for (tools::Stream& stream : trace.streams()) {
        reference::Replayer replayer{recorded.geometries()};
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
