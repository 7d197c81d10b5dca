// SPDX-License-Identifier: LGPL-2.1-or-later
// The rules of walks, flushes and counters.
#include "model_checker.hpp"

#include "mm/mmu_geometries.hpp"

namespace tools {
namespace {

namespace trace = mm::trace;

bool has_second_level(const mm::MmuGeometry& g, bool instruction) {
    return (instruction && !g.second_unified ? g.second_instruction : g.second_data).exists();
}
std::string number(uint64_t n) { return std::to_string(n); }

}  // namespace

ModelChecker::ModelChecker(const std::vector<std::string>& profiles) {
    for (const std::string& name : profiles) models_.push_back({mm::find_geometry(name.c_str())});
}

std::string ModelChecker::take(const trace::ModelWalk& e) {
    if (e.profiles != trace::all_profiles && (e.profiles == 0 || e.profiles >> models_.size() != 0)) return "model_walk: of a profile that was not recorded";
    if (e.cached & ~e.profiles) return "profile_walk: a cached directory entry of a profile that did not walk";
    if (e.cached && e.walk.reads == 0) return "profile_walk: a cached directory entry, but no directory";
    if ((e.cause == mm::RefillCause::fault) != e.walk.fault) return "model_walk: the cause is fault exactly if the walk faults";
    for (size_t p = 0; p < models_.size(); ++p) {
        if (!(e.profiles >> p & 1)) continue;
        ++(e.walk.access.is_execute() ? models_[p].instruction_walks : models_[p].data_walks);
        const mm::MmuGeometry* const g = models_[p].geometry;
        if (e.cached >> p & 1 && g && !g->pde_cache.exists()) return std::string{"profile_walk: "} + g->profile + " has no cache of directory entries";
    }
    return "";
}

std::string ModelChecker::take(const trace::Flush& e) const {
    if (e.profile >= models_.size()) return "flush: of a profile that was not recorded";
    if (!mm::is_flush(e.cause)) return std::string{"flush: "} + mm::name(e.cause) + " is no flush";
    if (e.dropped.instruction + e.dropped.data + e.dropped.second + e.dropped.pde == 0) return "flush: it dropped nothing";
    const mm::MmuGeometry* const g = models_[e.profile].geometry;
    if (!g) return "";
    const auto entries = [](const mm::TlbLevel& l) { return l.small.entries + l.large.entries; };
    if (e.dropped.instruction > entries(g->instruction) || e.dropped.data > entries(g->data) ||
        e.dropped.second > entries(g->second_instruction) + entries(g->second_data) || e.dropped.pde > g->pde_cache.entries)
        return std::string{"flush: it dropped more than "} + g->profile + " has entries";
    return "";
}

std::string ModelChecker::take(const trace::SecondHits& e) {
    if (e.profile >= models_.size()) return "second_hits: of a profile that was not recorded";
    if (e.hits == 0) return "second_hits: of none";
    const mm::MmuGeometry* const g = models_[e.profile].geometry;
    if (g && !has_second_level(*g, true) && !has_second_level(*g, false)) return std::string{"second_hits: "} + g->profile + " has no second level";
    models_[e.profile].second_hits += e.hits;
    return "";
}

std::string ModelChecker::take(const trace::References& e) {
    for (unsigned n = 0; n < e.count; ++n) {
        const trace::Reference r = e.at(n);
        (r.access.is_execute() ? referenced_fetches_ : referenced_data_) += 1 + r.repeats;
    }
    return e.count ? "" : "references: of none";
}

std::string ModelChecker::take(const trace::Counters& e) {
    if (e.profile >= models_.size()) return "counters: of a profile that was not recorded";
    Model& m = models_[e.profile];
    const mm::MmuGeometry* const g = m.geometry;
    if (const std::string wrong = check_side("instruction", e.instruction, m.last.instruction, !g || has_second_level(*g, true)); !wrong.empty()) return wrong;
    if (const std::string wrong = check_side("data", e.data, m.last.data, !g || has_second_level(*g, false)); !wrong.empty()) return wrong;
    if (e.instruction.walks != m.instruction_walks || e.data.walks != m.data_walks)
        return "counters: " + number(e.instruction.walks) + " instruction and " + number(e.data.walks) + " data walks, but " +
               number(m.instruction_walks) + " and " + number(m.data_walks) + " are in the trace";
    const uint64_t misses = e.instruction.misses + e.data.misses, walks = m.instruction_walks + m.data_walks;
    if (misses != walks + m.second_hits)
        return "counters: " + number(misses) + " misses, but " + number(m.second_hits) + " hits of the second level and " + number(walks) + " walks are in the trace";
    if (const std::string wrong = check_lookups(e); !wrong.empty()) return wrong;
    m.last = newest_ = e;
    return "";
}

std::string ModelChecker::check_side(const char* side, const mm::LookupCounts& now, const mm::LookupCounts& before, bool second_level) {
    const std::string start = std::string{"counters: "} + side + " ";
    if (now.lookups < before.lookups) return start + "lookups go back";
    if (now.misses < before.misses) return start + "misses go back";
    if (now.misses > now.lookups) return start + "misses are more than lookups";
    if (now.walks > now.misses) return start + "walks are more than misses";
    if (!second_level && now.walks != now.misses) return start + "misses are not walks, though there is no second level";
    return "";
}

// All profiles see the same lookups, and those of `references`, if there are any.
std::string ModelChecker::check_lookups(const trace::Counters& e) const {
    if (e.profile != newest_.profile && e.instructions == newest_.instructions &&
        (e.instruction.lookups != newest_.instruction.lookups || e.data.lookups != newest_.data.lookups))
        return "counters: other lookups than those of another profile at the same time";
    if (referenced_fetches_ + referenced_data_ != 0 && (e.instruction.lookups != referenced_fetches_ || e.data.lookups != referenced_data_))
        return "counters: " + number(e.instruction.lookups) + " instruction and " + number(e.data.lookups) + " data lookups, but the references are " +
               number(referenced_fetches_) + " and " + number(referenced_data_);
    return "";
}

}  // namespace tools
