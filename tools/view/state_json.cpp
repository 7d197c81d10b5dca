// SPDX-License-Identifier: LGPL-2.1-or-later
// Moments as JSON. Bins and slots of which nothing is known are left out.
#include "tools/view/state_output.hpp"

namespace tools::view {
namespace {

using json = nlohmann::ordered_json;

constexpr int schema = 1;
constexpr const char* contents[] = {"unknown", "not_present", "table", "large_page"};

json memory_json(const MemoryHeat& m) {
    json bins = json::array();
    for (size_t n = 0; n < m.bins.size(); ++n)
        if (const HeatBin& b = m.bins[n]; b.walks || b.fills)
            bins.push_back({{"bin", n}, {"walks", b.walks}, {"fills", b.fills}, {"recent_walks", b.recent_walks}, {"recent_fills", b.recent_fills}});
    return {{"end_pfn", m.end_pfn}, {"pages_per_bin", m.pages_per_bin}, {"recent_ticks", m.recent_ticks}, {"bins", bins}};
}

json linear_json(const LinearMap& l) {
    json slots = json::array();
    for (size_t n = 0; n < l.slots.size(); ++n) {
        const LinearSlot& s = l.slots[n];
        if (s.content == SlotContent::unknown && !s.walks) continue;
        slots.push_back({{"slot", n}, {"content", contents[static_cast<size_t>(s.content)]}, {"user", s.user}, {"writable", s.writable}, {"mapped", s.mapped},
                         {"seen", s.seen}, {"walks", s.walks}, {"recent_walks", s.recent_walks}});
    }
    return {{"root", l.root}, {"slot_bytes", uint64_t{1} << l.slot_shift}, {"split", l.split.page_offset}, {"own_spaces", l.split.own_spaces}, {"slots", slots}};
}

json tlb_json(const TlbView& t) {
    json entries = json::array();
    for (size_t n = 0; n < t.entries.size(); ++n) {
        const TlbEntryView& e = t.entries[n];
        if (!e.valid) continue;
        entries.push_back({{"set", n / t.ways}, {"way", n % t.ways}, {"page", e.page}, {"frame", e.frame}, {"large", e.large}, {"fragment", e.fragment},
                           {"global", e.global}, {"user", e.user}, {"writable", e.writable}, {"filled", e.filled}});
    }
    return {{"name", t.name}, {"sets", t.sets}, {"ways", t.ways}, {"entries", entries}};
}

json strips_json(const Snapshot& s) {
    json zones = json::array(), flushes = json::array();
    for (size_t n = 0; n < s.strips.zones.size(); ++n)
        zones.push_back({{"name", s.zones[n].name}, {"walks", s.strips.zones[n].walks}, {"cycles", s.strips.zones[n].cycles}});
    for (const Strips::FlushStrip& f : s.strips.flushes) flushes.push_back({{"cause", f.cause}, {"flushes", f.flushes}});
    return {{"first", s.strips.first}, {"interval", s.strips.interval}, {"columns", s.strips.columns}, {"zones", zones}, {"flushes", flushes}};
}

template <class T> json maybe(const std::optional<T>& v) { return v ? json(*v) : json(nullptr); }

}  // namespace

json walk_document(const WalkInspection& w) {
    json entries = json::array(), cached = json::array();
    for (const InspectedEntry& e : w.entries) {
        json fields = json::array();
        for (const BitField& f : e.fields) fields.push_back({{"high", f.high}, {"low", f.low}, {"name", f.name}, {"value", f.value}, {"meaning", f.meaning}});
        entries.push_back({{"name", e.name}, {"at", e.at ? json(e.at->raw) : json(nullptr)}, {"value", maybe(e.value)}, {"width", e.width}, {"seen", maybe(e.seen)},
                           {"changed", maybe(e.changed)}, {"note", e.note}, {"fields", fields}});
    }
    for (const CachedTranslation& c : w.cached)
        cached.push_back({{"tlb", c.tlb}, {"set", c.set}, {"way", c.way}, {"since", c.since}, {"frame", c.frame.raw}, {"agrees", c.agrees}});
    json object{{"address", w.address.raw}, {"paging", w.paging}, {"result", w.result}, {"entries", entries}};
    if (w.mapped) object.update({{"frame", w.frame.raw}, {"page_bytes", w.page_bytes}, {"permissions", w.permissions}, {"zone", w.zone}});
    object.update({{"region", w.region}, {"cached", cached}});
    return object;
}

json state_document(const Snapshot& s, const WalkInspection* walk) {
    const mm::Control& c = s.registers.control;
    json zones = json::array(), regions = json::array(), tlbs = json::array(), flushes = json::array();
    for (const Zone& z : s.zones)
        zones.push_back({{"name", z.name}, {"start_pfn", z.start_pfn}, {"end_pfn", z.end_pfn}, {"walks", z.walks}, {"fills", z.fills}, {"refills", z.refills}, {"cycles", z.cycles}});
    for (const Region& r : s.regions) regions.push_back({{"name", r.name}, {"start", r.start}, {"end", r.end}, {"walks", r.walks}, {"fills", r.fills}});
    for (const TlbView& t : s.tlbs) tlbs.push_back(tlb_json(t));
    for (const FlushCount& f : s.flushes) flushes.push_back({{"cause", f.cause}, {"flushes", f.flushes}, {"dropping", f.dropping}});
    json object{{"schema", schema}, {"tick", s.tick}, {"cpu", s.cpu}, {"events", s.events}, {"instructions", s.instructions}, {"task", s.task}, {"split", s.split},
                {"paging", s.paging}, {"guest", s.guest}, {"profile", s.profile}, {"complete", s.complete}, {"live", s.live}, {"note", s.note},
                {"registers", {{"cr0", c.cr0}, {"cr3", c.cr3}, {"cr4", c.cr4}, {"efer", c.efer}, {"pdpte", s.registers.pdpte}}},
                {"spans", s.spans}, {"zones", zones}, {"regions", regions}, {"memory", memory_json(s.memory)}, {"linear", linear_json(s.linear)},
                {"tlbs_exact", s.tlbs_exact}, {"tlbs", tlbs}, {"flushes", flushes}, {"strips", strips_json(s)},
                {"last", {{"tick", s.last.tick}, {"event", s.last.kind}, {"text", s.last.text}}}};
    if (walk) object["walk"] = walk_document(*walk);
    return object;
}

}  // namespace tools::view
