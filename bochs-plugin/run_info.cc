// SPDX-License-Identifier: LGPL-2.1-or-later
// run.json as text.
#include "run_info.h"

#include "json_text.h"

namespace plugin {

namespace {

void put(JsonText& j, const RunInfo::Zone& z) {
    j.open('{').member("name", z.name).member("node", z.node).member("start_pfn", z.start_pfn).member("end_pfn", z.end_pfn);
    j.member("present_pages", z.present_pages).close('}');
}
void put(JsonText& j, const RunInfo::Region& r) { j.open('{').member("name", r.name).member("start", r.start).member("end", r.end).close('}'); }
void put(JsonText& j, const RunInfo::Span& s) { j.open('{').member("id", s.id).member("name", s.name).close('}'); }
void put(JsonText& j, const RunInfo::Oddity& o) { j.open('{').member("kind", o.kind).member("count", o.count).member("first", o.first).close('}'); }
void put(JsonText& j, const RunInfo::Model& m) {
    j.open('{').member("profile", m.profile).member("itlb_lookups", m.itlb_lookups).member("itlb_misses", m.itlb_misses);
    j.member("dtlb_lookups", m.dtlb_lookups).member("dtlb_misses", m.dtlb_misses).member("walks", m.walks).close('}');
}

void put(JsonText& j, const RunInfo::Cpu& c);
template <class T>
JsonText& put_all(JsonText& j, const std::vector<T>& all) {
    j.open('[');
    for (const T& each : all) put(j, each);
    return j.close(']');
}

void put(JsonText& j, const char* name, const RunInfo::Mark& m) {
    if (m.mark.empty()) return;
    j.line(name).open('{').member("mark", m.mark).member("met", m.met);
    if (m.met) j.member("ticks", m.ticks).member("instructions", m.instructions);
    j.close('}');
}

void put(JsonText& j, const RunInfo::Cpu& c) {
    j.open('{').member("cpu", c.cpu).member("instructions", c.instructions).member("idle_ticks", c.idle_ticks);
    j.member("cr3_writes", c.cr3_writes).member("invlpg", c.invlpg).member("page_faults", c.page_faults);
    j.member("walk_reads", c.walk_reads).member("walk_writes", c.walk_writes).member("pdpte_loads", c.pdpte_loads);
    j.member("fills_read", c.fills_read).member("fills_write", c.fills_write).member("fills_execute", c.fills_execute);
    put_all(j.key("models"), c.models).close('}');
}

}  // namespace

const char* name(EndReason reason) {
    constexpr const char* names[] = {"running", "shutdown", "instructions", "triple-fault", "halt", "interrupted", "disk-full", "error", "stale", "panic", "mark"};
    return names[static_cast<unsigned>(reason)];
}

std::string to_json(const RunInfo& r) {
    JsonText j;
    j.open('{').line("schema").value(1u);
    j.line("complete").value(r.complete);
    j.line("end").open('{').member("reason", name(r.reason)).member("detail", r.detail).member("guest_failures", r.guest_failures).close('}');
    put(j, "start", r.start), put(j, "until", r.until);
    if (!r.resumed_from.empty()) j.line("resumed_from").value(r.resumed_from);
    j.line("split").value(r.split).line("paging").value(r.paging).line("memory_mib").value(r.memory_mib);
    j.line("guest").value(r.guest).line("cpu_model").value(r.cpu_model).line("cpus").value(r.cpus);
    j.line("instructions").value(r.instructions).line("ticks").value(r.ticks).line("ips").value(r.ips);
    if (r.long_mode_instructions != 0) j.line("long_mode_instructions").value(r.long_mode_instructions);
    j.line("profiles").values(r.profiles).line("geometries").values(r.geometries);
    put_all(j.line("zones"), r.zones);
    put_all(j.line("regions"), r.regions);
    put_all(j.line("spans"), r.spans);
    j.line("symbols").value(r.symbols).line("symbols_moved_by").value(r.symbols_moved_by).line("tasks").value(r.tasks).line("warnings").values(r.warnings);
    if (!r.finals.empty()) put_all(j.line("final"), r.finals);
    j.line("device_writes").open('{').member("count", r.device_writes).member("bytes", r.device_bytes).close('}');
    j.line("stale").open('{').member("mode", r.stale.mode).member("changes", r.stale.changes).member("held", r.stale.held);
    j.member("sites", r.stale.sites).member("uses", r.stale.uses);
    j.member("most_translations", r.stale.most_translations).member("unfollowed", r.stale.unfollowed).member("in_time", r.stale.in_time);
    j.member("unsettled", r.stale.unsettled).close('}');
    put_all(j.line("oddities"), r.oddities);
    j.line("checks").open('{').member("model_disagreements", r.checks.model_disagreements);
    j.member("walk_disagreements", r.checks.walk_disagreements).member("fetch_mismatches", r.checks.fetch_mismatches);
    j.key("first").values(r.checks.first).close('}');
    j.text += '\n';
    return j.close('}').text + '\n';
}

}  // namespace plugin
