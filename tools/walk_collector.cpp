// SPDX-License-Identifier: LGPL-2.1-or-later
// The counts of millions of walks: run by run, and in a run profile by profile, so that a profile's tables are at hand.
#include "walk_collector.hpp"

namespace tools {

namespace trace = mm::trace;

WalkCollector::WalkCollector(Statistics& s, SpanStack& spans, TaskShares& tasks, FunctionShares& functions, FlushFollower& flushes)
    : s_{s}, spans_{spans}, tasks_{tasks}, functions_{functions}, flushes_{flushes}, numbers_{s.run, s.profiles}, zones_{s.run.zones}, regions_{s.run.regions} {
    for (const Profile& p : s.profiles) following_.emplace_back(p, size_t{zones_.count()} * regions_.count());
}

template <class F>
[[gnu::always_inline]] inline void WalkCollector::locate(const WalkMade& walk, Seen& seen) {
    const WalkPlaces at = places_as<F>({walk.page, {}, false, walk.reads(), walk.pde, walk.pte}, directory_of(walk.page, F{}));
    seen.pde_at = at.pde_at, seen.pte_at = at.pte_at;
    seen.zone = walk.fault() ? zones_.other() : zones_.of(at.frame);
    seen.region = walk.fault() ? regions_.other() : regions_.of(mm::address(walk.page), walk.user());
    seen.place = seen.zone * regions_.count() + seen.region;
    seen.first_of_large = mm::Vpn{walk.page.raw & ~((mm::large_page_size<F> >> mm::page_shift) - 1)};
    seen.function = &functions_.of(walk.walker, walk.user());
}

template <class F>
void WalkCollector::locate_run() {
    for (unsigned i = 0; i < models_; ++i) locate<F>(model_[i], seen_[i]);
    ObservedStatistics& o = s_.observed;
    uint64_t fills[mm::access_kinds]{}, filled = 0;
    for (unsigned i = 0; i < observations_; ++i) {
        const ObservedWalk& walk = observed_[i];
        o.walk_reads += walk.reads();
        o.walk_writes += walk.written;
        if (walk.fault()) continue;
        Seen seen;
        locate<F>(walk, seen);
        ++fills[static_cast<unsigned>(walk.kind())];
        ++s_.zones[seen.zone].observed_fills;
        ++s_.regions[seen.region].observed_fills;
        ++seen.function->observed_fills;
        ++filled;
    }
    o.fills_read += fills[static_cast<unsigned>(mm::AccessKind::read)];
    o.fills_write += fills[static_cast<unsigned>(mm::AccessKind::write)];
    o.fills_execute += fills[static_cast<unsigned>(mm::AccessKind::execute)];
    tasks_.now().observed_fills += filled;
}

void WalkCollector::count_profile(size_t p, unsigned number) {
    Following& f = following_[p];
    FlushUse& use = flushes_.of(p);
    PlaceCounts* const places = f.places.data();
    ProfileWalks& span = spans_.current().profiles[p];
    uint64_t* const by_zone = span.by_zone.data();
    uint64_t walks[2]{}, reads[LineRecency::max_segments]{};
    for (unsigned i = 0; i < models_; ++i) {
        const ModelWalk& e = model_[i];
        if (!(e.profiles >> number & 1)) continue;
        const Seen& seen = seen_[i];
        PlaceCounts& place = places[seen.place];
        WalkCounts& function = seen.function->walks[p];
        const auto read = [&](uint64_t* level, mm::PhysAddr entry) {
            const unsigned segment = f.lines.read(entry);
            ++level[segment], ++function.reads[segment], ++reads[segment];
        };
        if (e.cached >> number & 1) ++place.directory_cached;
        else if (e.reads() > 0) read(place.directory, seen.pde_at);
        if (e.reads() > 1) read(place.table, seen.pte_at);
        const auto cause = static_cast<size_t>(e.cause);
        const bool execute = e.kind() == mm::AccessKind::execute;
        ++place.causes[cause], ++span.causes[cause], ++by_zone[seen.zone], ++function.walks, ++walks[execute];
        if (!e.fault()) use.walk(e.page, e.reads() == 1, seen.first_of_large, execute, e.cause);
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
    if (state_.control.mode() == mm::PagingMode::pae) locate_run<mm::Pae>();
    else locate_run<mm::Classic>();
    if (models_ != 0)
        for (size_t p = 0; p < following_.size(); ++p) count_profile(p, numbers_.number(p));
    models_ = observations_ = 0;
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
    for (size_t p = 0; p < following_.size(); ++p)
        for (unsigned zone = 0; zone < zones_.count(); ++zone)
            for (unsigned region = 0; region < regions_.count(); ++region) add_place(p, zone, region, following_[p].places[zone * regions_.count() + region]);
}

}  // namespace tools
