// SPDX-License-Identifier: LGPL-2.1-or-later
// `stale --json`, and the part of `stat --json` that is the same.
#include <nlohmann/json.hpp>

#include "stale_advice.hpp"
#include "stale_output.hpp"

namespace tools {
namespace {

using json = nlohmann::ordered_json;

constexpr const char* access_names[] = {"read", "write", "execute"};

const char* name(mm::AccessKind k) { return access_names[static_cast<size_t>(k)]; }

json flush_json(const std::optional<FlushSeen>& f, const StaleNames& names) {
    if (!f) return nullptr;
    return {{"ticks", f->ticks}, {"ip", f->ip}, {"symbol", names.symbol(f->ip)}};
}

}  // namespace

json stale_json(const StaleReport& r, const StaleNames& names) {
    const mm::trace::Stale& e = r.first;
    json fresh{{"frame", nullptr}, {"zone", nullptr}};
    if (e.mapped) fresh = {{"frame", e.new_frame.raw}, {"zone", names.zone(e.new_frame)}};
    return {{"site", e.site},
            {"linear", e.linear.raw},
            {"kind", mm::name(e.kind)},
            {"level", mm::name(e.level)},
            {"large", e.large},
            {"global", e.global},
            {"count", r.uses},
            {"profiles", names.profiles(e.profiles)},
            {"writer", {{"how", mm::name(e.change.how)}, {"cpu", e.change.cpu}, {"ip", e.change.ip}, {"symbol", names.symbol(e.change.ip)}, {"ticks", e.change.ticks}}},
            {"use", {{"cpu", r.cpu}, {"ip", e.ip}, {"symbol", names.symbol(e.ip, e.access.user)}, {"ticks", r.ticks}, {"access", name(e.access.kind)}, {"user", e.access.user}}},
            {"cached", {{"ip", e.cached.ip}, {"symbol", names.symbol(e.cached.ip)}, {"ticks", e.cached.ticks}, {"access", name(e.cached.access)}}},
            {"entry", {{"physical", e.change.entry_at.raw}, {"old", e.change.old_entry}, {"new", e.change.new_entry}}},
            {"old", {{"frame", e.old_frame.raw}, {"zone", names.zone(e.old_frame)}, {"owner", mm::name(e.old_owner)},
                     {"mapped_at", e.old_mapped_at.raw ? json(e.old_mapped_at.raw) : json(nullptr)}}},
            {"new", fresh},
            {"flush", right_flush(r)},
            {"flushed_before", {{"cr3_write", flush_json(r.cr3_write, names)}, {"invlpg", flush_json(r.invlpg, names)}, {"invpcid", flush_json(r.invpcid, names)}}},
            {"used_by_bochs", e.used_by_bochs}};
}

json stale_document(const std::vector<StaleReport>& reports, const StaleNames& names) {
    const RunInfo& run = names.run();
    json all = json::array();
    for (const StaleReport& r : reports) all.push_back(stale_json(r, names));
    const StaleInfo info = run.stale.value_or(StaleInfo{});
    const auto total = [&](uint64_t number) { return run.counted() ? json(number) : json(nullptr); };
    return {{"schema", stale_schema}, {"complete", run.complete}, {"end", name(run.reason)}, {"mode", info.mode},
            {"unfollowed", total(info.unfollowed)}, {"changes", total(info.changes)}, {"held", total(info.held)},
            {"in_time", total(info.in_time)}, {"unsettled", total(info.unsettled)}, {"instructions", total(run.instructions)},
            {"long_mode_instructions", total(run.long_mode_instructions)}, {"stale", all}};
}

}  // namespace tools
