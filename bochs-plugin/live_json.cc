// SPDX-License-Identifier: LGPL-2.1-or-later
// The live protocol's lines.
#include "live_json.h"

#include <unistd.h>

#include "json_text.h"

namespace plugin {

using namespace mm;

namespace {

JsonText& type(JsonText& j, const char* name) { return j.open('{').member("type", name); }
std::string finish(JsonText& j) { return j.close('}').text + '\n'; }

JsonText& put(JsonText& j, const LiveCounts::Places& p) { return j.member("walks", p.walks).member("fills", p.fills); }
JsonText& put_zone(JsonText& j, const LiveCounts::Places& p) { return put(j, p).member("walk_reads", p.reads).member("refills", p.refills); }

void put_registers(JsonText& j, const trace::State& s) {
    j.key("registers").open('{').member("cr0", s.control.cr0).member("cr3", uint64_t{s.cr3_high} << 32 | s.control.cr3);
    j.member("cr4", s.control.cr4).member("efer", s.control.efer).member("physical_bits", unsigned{s.control.physical_bits});
    j.key("pdpte").values(s.pdpte).close('}');
}

void put_cpus(JsonText& j, const LiveSnapshot& s) {
    j.key("cpus").open('[');
    for (const LiveSnapshot::Cpu& c : s.cpus) {
        j.open('{').member("instructions", c.instructions).member("idle_ticks", c.idle_ticks).member("running", c.running);
        put_registers(j, c.registers);
        if (!c.task.empty()) j.key("task").open('{').member("pid", c.pid).member("name", c.task).close('}');
        j.key("spans").values(c.spans).close('}');
    }
    j.close(']');
}

void put_totals(JsonText& j, const RunInfo::Cpu& t) {
    j.member("instructions", t.instructions).key("observed").open('{');
    j.member("cr3_writes", t.cr3_writes).member("invlpg", t.invlpg).member("page_faults", t.page_faults).member("walk_reads", t.walk_reads);
    j.member("walk_writes", t.walk_writes).member("pdpte_loads", t.pdpte_loads).member("fills_read", t.fills_read);
    j.member("fills_write", t.fills_write).member("fills_execute", t.fills_execute).close('}');
    for (const RunInfo::Model& m : t.models) {
        j.key("model").open('{').member("profile", m.profile).member("itlb_lookups", m.itlb_lookups).member("itlb_misses", m.itlb_misses);
        j.member("dtlb_lookups", m.dtlb_lookups).member("dtlb_misses", m.dtlb_misses).member("walks", m.walks).close('}');
    }
}

// Places of both kinds end with "other".
void put_places(JsonText& j, const LiveSnapshot& s) {
    j.key("zones").open('[');
    for (const LiveSnapshot::Zone& z : s.zones) {
        j.open('{').member("name", z.name).member("node", z.node).member("start_pfn", z.start_pfn).member("end_pfn", z.end_pfn);
        put_zone(j.member("present_pages", z.present_pages), z.counts).close('}');
    }
    put_zone(j.open('{').member("name", no_place), s.elsewhere).close('}').close(']');
    j.key("regions").open('[');
    for (const LiveSnapshot::Region& r : s.regions)
        put(j.open('{').member("name", r.name).member("start", r.start).member("end", r.end), r.counts).close('}');
    put(j.open('{').member("name", no_place), s.other_region).close('}').close(']');
}

// One hexadecimal digit for each entry: 1 present, 2 large, 4 user, 8 writable.
std::string digits_of(const std::vector<LiveSnapshot::Slot>& slots) {
    std::string digits;
    for (const LiveSnapshot::Slot& s : slots)
        digits += "0123456789abcdef"[unsigned{s.present} | unsigned{s.large} << 1 | unsigned{s.user} << 2 | unsigned{s.writable} << 3];
    return digits;
}

// [set, way, first linear page, first frame, flags]; flags: 1 large, 2 global, 4 user, 8 writable, 16 a piece of a large page.
void put(JsonText& j, const CachedTranslation& e) {
    const unsigned flags = unsigned{e.shift != page_shift} | unsigned{e.permissions.global} << 1 | unsigned{e.permissions.user} << 2 |
                           unsigned{e.permissions.write} << 3 | unsigned{e.fragment} << 4;
    j.open('[').value(e.set).value(e.way).value(page_of(e.linear).raw).value(e.frame.raw).value(flags).close(']');
}

void put_tlbs(JsonText& j, const MmuContents& mmu) {
    j.key("tlbs").open('[');
    for (const TlbContents& t : mmu.tlbs) {
        j.open('{').member("name", t.name).member("sets", t.geometry.sets()).member("ways", t.geometry.ways).key("entries").open('[');
        for (const CachedTranslation& e : t.entries) put(j, e);
        j.close(']').close('}');
    }
    j.close(']');
    if (!mmu.pde_geometry.exists()) return;
    j.key("pde_cache").open('{').member("sets", mmu.pde_geometry.sets()).member("ways", mmu.pde_geometry.ways).key("entries").open('[');
    for (const CachedDirectoryEntry& e : mmu.pde_cache) j.open('[').value(e.set).value(e.way).value(page_of(e.linear).raw).value(e.value).close(']');
    j.close(']').close('}');
}

void put_step(JsonText& j, const WalkStep& s, const EntryDates& dates) {
    j.open('{').member("table", entry_name(s.table)).member("index", s.index).member("at", s.at.raw).member("value", s.value);
    if (s.in_register) j.member("in_register", true).member("in_memory", s.in_memory);
    if (s.kind != MemoryKind::ram) j.member("outside_memory", true);
    if (dates.changed) j.member("changed", *dates.changed);
    if (dates.unchanged_since) j.member("unchanged_since", *dates.unchanged_since);
    j.member("leaf", s.leaf).member("reserved_bit", s.reserved).close('}');
}

void put_cache(JsonText& j, const LiveSnapshot::Cache& c) {
    constexpr const char* since[] = {nullptr, "since", "not_before", "before"};
    const char* const key = since[static_cast<unsigned>(c.since.kind)];
    j.open('{').member("tlb", c.tlb).member("set", c.set).member("way", c.way);
    if (c.tlb != pde_cache_name) j.member("frame", c.frame.raw);
    if (key) j.member(key, c.since.tick);
    j.close('}');
}

}  // namespace

std::string to_line(const LiveHello& h) {
    JsonText j;
    type(j, "hello").member("protocol", live_protocol).member("pid", static_cast<int64_t>(getpid())).member("directory", h.directory);
    j.member("memory_mib", h.memory_mib).member("ips", h.ips).member("cpus", h.cpus);
    j.key("profiles").values(h.profiles).key("geometries").values(h.geometries);
    return finish(j);
}

std::string to_line(const LiveSnapshot& s) {
    JsonText j;
    type(j, "snapshot").member("tick", s.tick).member("recording", s.recording).member("last", s.last);
    j.member("guest", s.guest).member("split", s.split).member("paging", s.paging).member("profile", s.profile_name).member("cpu", s.cpu);
    put_totals(j, s.totals);
    put_cpus(j, s);
    j.key("stale").open('{').member("sites", s.stale_sites).member("uses", s.stale_uses).close('}');
    j.member("counted_since", s.counted_since).key("flushes").open('[');
    for (const LiveSnapshot::Flushes& f : s.flushes)
        j.open('{').member("cause", name(f.cause)).member("made", f.made).member("flushes", f.flushes).member("dropping", f.dropping).close('}');
    j.close(']');
    put_places(j, s);
    j.key("memory").open('{').member("end_pfn", s.end_pfn).member("pages_per_bin", s.pages_per_bin);
    j.key("walks").values(s.memory.walks).key("fills").values(s.memory.fills).close('}');
    j.key("linear").open('{').member("slot_shift", s.slot_shift).member("directory", digits_of(s.slots));
    j.key("walks").values(s.slot_walks).close('}');
    put_tlbs(j, s.mmu);
    return finish(j);
}

std::string inspection_line(const LiveSnapshot& s) {
    const WalkInspection& w = *s.inspection;
    JsonText j;
    type(j, "inspection").member("tick", s.tick).member("cpu", s.cpu).member("linear", w.linear).member("cr3", w.cr3);
    put_registers(j, s.cpus[s.cpu].registers);
    j.key("steps").open('[');
    for (size_t n = 0; n < w.steps.size(); ++n) put_step(j, w.steps[n], n < s.step_dates.size() ? s.step_dates[n] : EntryDates{});
    j.close(']').member("mapped", w.translation.mapped());
    if (w.translation.mapped()) j.member("frame", w.translation.frame.raw).member("shift", w.translation.shift).member("zone", s.inspected_zone);
    j.member("region", s.inspected_region).key("cached").open('[');
    for (const LiveSnapshot::Cache& cache : s.inspected_caches) put_cache(j, cache);
    j.close(']');
    return finish(j);
}

std::string end_line(const LiveSnapshot& s) {
    JsonText j;
    type(j, "end").member("reason", s.end_reason).member("complete", s.complete);
    return finish(j);
}

std::string error_line(const std::string& message) {
    JsonText j;
    type(j, "error").member("message", message);
    return finish(j);
}

}  // namespace plugin
