// SPDX-License-Identifier: LGPL-2.1-or-later
// The counts of millions of walks: run by run, and in a run profile by profile, so that a profile's tables are at hand.
#include "walk_collector.hpp"

namespace tools {

namespace trace = mm::trace;

WalkCollector::WalkCollector(Statistics& s, const ZoneMap& zones, const RegionMap& regions, SpanStack& spans, TaskShares& tasks, FunctionShares& functions,
                             FlushFollower& flushes)
    : s_{s}, spans_{spans}, tasks_{tasks}, functions_{functions}, flushes_{flushes}, numbers_{s.run, s.profiles}, zones_{zones}, regions_{regions},
      region_count_{regions.count()}, place_count_{zones.count() * regions.count()}, fills_at_(place_count_) {
    for (const Profile& p : s.profiles) following_.emplace_back(p, place_count_);
}

void WalkCollector::count_profile(size_t p, unsigned number) {
    Following& f = following_[p];
    FlushUse& use = flushes_.of(p);
    PlaceCounts* const places = f.places.data();
    ProfileWalks& span = spans_.current().profiles[p];
    uint64_t* const by_zone = span.by_zone.data();
    uint64_t walks[2]{}, reads[LineRecency::max_segments]{};
    for (const Walk *next = walk_, *const end = end_; next != end;) {
        const Walk& e = *next++;
        if (!(e.profiles >> number & 1)) continue;
        PlaceCounts& place = places[e.place];
        WalkCounts& function = e.function[p];
        const auto read = [&](uint64_t* level, mm::PhysAddr entry) {
            const unsigned segment = f.lines.read(entry);
            ++level[segment], ++function.reads[segment], ++reads[segment];
        };
        if (e.cached >> number & 1) ++place.directory_cached;
        else if (e.reads > 0) read(place.directory, e.pde_at);
        if (e.reads > 1) read(place.table, e.pte_at);
        const auto cause = static_cast<size_t>(e.cause);
        ++place.causes[cause], ++span.causes[cause], ++by_zone[e.zone], ++function.walks, ++walks[e.execute];
        if (!e.fault) use.walk(e.page, e.reads == 1, e.first_of_large, e.execute, e.cause);
    }
    const uint64_t all = walks[false] + walks[true];
    if (all == 0) return;
    f.walks[false] += walks[false], f.walks[true] += walks[true];
    for (WalkCounts* const sum : {&spans_.current().touch(p).walks, &tasks_.now().walks[p]}) {
        sum->walks += all;
        for (unsigned i = 0; i < LineRecency::max_segments; ++i) sum->reads[i] += reads[i];
    }
}

void WalkCollector::count_run() {
    for (size_t p = 0; p < following_.size(); ++p) count_profile(p, numbers_.number(p));
    end_ = walk_;
}

void WalkCollector::add_place(size_t p, unsigned zone, unsigned region, const PlaceCounts& place) {
    WalkLevels& levels = s_.models[p].levels;
    WalkCounts sum;
    levels.directory_cached += place.directory_cached;
    for (unsigned i = 0; i < LineRecency::max_segments; ++i) {
        levels.directory[i] += place.directory[i], levels.table[i] += place.table[i];
        sum.reads[i] = place.directory[i] + place.table[i];
    }
    for (const uint64_t walks : place.causes) sum.walks += walks;
    for (PlaceStatistics* const of : {&s_.zones[zone], &s_.regions[region]}) {
        of->walks[p] += sum;
        for (size_t c = 0; c < place.causes.size(); ++c) of->causes[p][c] += place.causes[c];
    }
}

void WalkCollector::finish() {
    count();
    s_.observed.fills_read += fills_[static_cast<unsigned>(mm::AccessKind::read)];
    s_.observed.fills_write += fills_[static_cast<unsigned>(mm::AccessKind::write)];
    s_.observed.fills_execute += fills_[static_cast<unsigned>(mm::AccessKind::execute)];
    for (unsigned zone = 0; zone < zones_.count(); ++zone)
        for (unsigned region = 0; region < region_count_; ++region) {
            const unsigned at = zone * region_count_ + region;
            s_.zones[zone].observed_fills += fills_at_[at], s_.regions[region].observed_fills += fills_at_[at];
            for (size_t p = 0; p < following_.size(); ++p) add_place(p, zone, region, following_[p].places[at]);
        }
}

}  // namespace tools
