// SPDX-License-Identifier: LGPL-2.1-or-later
// Replays stream after stream and adds up.
#include "replay_trace.hpp"

namespace tools {
namespace {

// The one loop over all events: everything it calls is compiled into it.
[[gnu::flatten]] void replay_stream(Stream& stream, ReplayEngine& engine) {
    stream.rewind();
    stream.read_all([&](uint64_t, const auto& event, const mm::trace::State& state, uint64_t) { engine.take(event, state); });
    engine.finish();
}

}  // namespace

ReplayResult replay_trace(Trace& trace, std::vector<Profile> profiles, bool curves) {
    ReplayResult result;
    result.profiles = std::move(profiles);
    result.counts.resize(result.profiles.size());
    if (curves) result.curves.emplace();
    for (Stream& stream : trace.streams()) {
        ReplayEngine engine{result.profiles, curves};
        replay_stream(stream, engine);
        const std::vector<ReplayCounts> counts = engine.counts();
        for (size_t p = 0; p < counts.size(); ++p) result.counts[p].add(counts[p]);
        if (result.curves) result.curves->instruction.add(*engine.curve(true)), result.curves->data.add(*engine.curve(false));
        result.references += engine.references(), result.unknown += engine.unknown();
    }
    return result;
}

}  // namespace tools
