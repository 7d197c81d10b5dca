// SPDX-License-Identifier: LGPL-2.1-or-later
// Names the values of each kind of event.
#include "event_row.hpp"

#include "long_mode.hpp"
#include "printable.hpp"

namespace tools {
namespace {

constexpr const char* access_names[] = {"read", "write", "execute"};

namespace trace = mm::trace;

void number(EventRow& row, const char* name, uint64_t v) { row.fields.push_back({name, {FieldValue::Kind::decimal, v, {}}}); }
void hex(EventRow& row, const char* name, uint64_t v) { row.fields.push_back({name, {FieldValue::Kind::hexadecimal, v, {}}}); }
void text(EventRow& row, const char* name, std::string v) { row.fields.push_back({name, {FieldValue::Kind::text, 0, std::move(v)}}); }

void region(EventRow& row, std::string name) { row.region = name, text(row, "region", std::move(name)); }
void instruction(EventRow& row, uint64_t ip) { row.ip = ip, hex(row, "ip", ip); }

const char* privilege(bool user) { return user ? "user" : "supervisor"; }

constexpr const char* pdpte_names[] = {"pdpte0", "pdpte1", "pdpte2", "pdpte3"};

}  // namespace

void RowMaker::fill(EventRow& row, const trace::State& e, const trace::State&) const {
    row.id = trace::EventId::state;
    hex(row, "cr0", e.control.cr0), hex(row, "cr3", e.control.cr3), hex(row, "cr4", e.control.cr4), hex(row, "efer", e.control.efer);
    number(row, "physical_bits", e.control.physical_bits);
    if (e.control.mode() != mm::PagingMode::pae) return;
    for (unsigned i = 0; i < 4; ++i) hex(row, pdpte_names[i], e.pdpte[i]);
}
void RowMaker::fill(EventRow& row, const trace::ControlWrite& e, const trace::State&) const {
    row.id = e.which;
    hex(row, "value", e.value), instruction(row, e.ip);
}
void RowMaker::fill(EventRow& row, const trace::TaskSwitch& e, const trace::State&) const {
    row.id = trace::EventId::task_switch;
    hex(row, "cr3", e.cr3), instruction(row, e.ip);
}
void RowMaker::fill(EventRow& row, const trace::InvalidatePage& e, const trace::State&) const {
    row.id = trace::EventId::invlpg;
    hex(row, "linear", e.linear.raw), instruction(row, e.ip), region(row, region_name(e.linear, false));
}
void RowMaker::fill(EventRow& row, const trace::InvalidatePcid& e, const trace::State&) const {
    row.id = trace::EventId::invpcid;
    text(row, "type", trace::detail::invpcid_labels[static_cast<unsigned>(e.type)]), hex(row, "linear", e.linear.raw), instruction(row, e.ip);
}
void RowMaker::fill(EventRow& row, const trace::PdpteLoad& e, const trace::State&) const {
    row.id = trace::EventId::pdpte_load;
    for (unsigned i = 0; i < 4; ++i) hex(row, pdpte_names[i], e.pdpte[i]);
}

void RowMaker::add_walk(EventRow& row, const trace::WalkRecord& walk, const trace::State& state) const {
    const trace::WalkView view = trace::view(walk, state);
    hex(row, "linear", mm::address(walk.page).raw);
    text(row, "access", access_names[static_cast<unsigned>(walk.access.kind)]), text(row, "privilege", privilege(walk.access.user));
    number(row, "fault", walk.fault);
    if (walk.reads >= 1) hex(row, "pde_at", view.pde_at.raw), hex(row, "pde", walk.pde);
    if (walk.reads >= 2) hex(row, "pte_at", view.pte_at.raw), hex(row, "pte", walk.pte);
    const bool translated = !walk.fault && view.translation.mapped();
    if (translated) hex(row, "frame", view.translation.frame.raw), number(row, "page_bytes", uint64_t{1} << view.translation.shift);
    row.zone = translated ? zone_name(view.translation.frame) : "other";
    text(row, "zone", row.zone);
    region(row, walk.fault ? "other" : region_name(mm::address(walk.page), walk.access.user));
}

void RowMaker::fill(EventRow& row, const trace::ObservedWalk& e, const trace::State& state) const {
    row.id = trace::EventId::observed_walk;
    add_walk(row, e.walk, state);
    number(row, "pde_written", e.pde_written), number(row, "pte_written", e.pte_written);
}
void RowMaker::fill(EventRow& row, const trace::ModelWalk& e, const trace::State& state) const {
    row.id = e.profiles == trace::all_profiles && e.cached == 0 ? trace::EventId::model_walk : trace::EventId::profile_walk;
    add_walk(row, e.walk, state);
    text(row, "cause", mm::name(e.cause));
    text(row, "profiles", profile_names(e.profiles));
    if (e.cached) text(row, "pde_cached", profile_names(e.cached));
}
void RowMaker::fill(EventRow& row, const trace::PageFault& e, const trace::State&) const {
    row.id = trace::EventId::page_fault;
    hex(row, "linear", e.linear.raw), instruction(row, e.ip), hex(row, "code", e.code.encode()), region(row, region_name(e.linear, e.code.user));
}
void RowMaker::fill(EventRow& row, const trace::Flush& e, const trace::State&) const {
    row.id = trace::EventId::flush;
    text(row, "cause", mm::name(e.cause)), text(row, "profile", profile_name(e.profile));
    number(row, "instruction_dropped", e.dropped.instruction), number(row, "data_dropped", e.dropped.data);
    number(row, "second_dropped", e.dropped.second), number(row, "pde_dropped", e.dropped.pde);
}
void RowMaker::fill(EventRow& row, const trace::Interrupt& e, const trace::State&) const {
    constexpr const char* kinds[] = {"external", "software", "exception"};
    row.id = trace::EventId::interrupt;
    number(row, "vector", e.vector), text(row, "kind", kinds[static_cast<unsigned>(e.kind)]), text(row, "from", privilege(e.user)), instruction(row, e.ip);
}
void RowMaker::fill(EventRow& row, const trace::InterruptReturn& e, const trace::State&) const {
    row.id = trace::EventId::interrupt_return;
    text(row, "to", privilege(e.user));
}
void RowMaker::fill(EventRow& row, const trace::SpanName& e, const trace::State&) const {
    row.id = trace::EventId::span_name;
    number(row, "span", e.span), text(row, "name", printable(e.text));
}
void RowMaker::fill(EventRow& row, const trace::SpanEdge& e, const trace::State&) const {
    row.id = e.which;
    number(row, "span", e.span), text(row, "name", span_name(e.span)), number(row, "instructions", e.instructions);
}
void RowMaker::fill(EventRow& row, const trace::Mark& e, const trace::State&) const {
    row.id = trace::EventId::mark;
    number(row, "value", e.value);
}
void RowMaker::fill(EventRow& row, const trace::Counters& e, const trace::State&) const {
    row.id = trace::EventId::counters;
    text(row, "profile", profile_name(e.profile)), number(row, "instructions", e.instructions);
    number(row, "instruction_lookups", e.instruction.lookups), number(row, "instruction_misses", e.instruction.misses);
    number(row, "instruction_walks", e.instruction.walks), number(row, "data_lookups", e.data.lookups);
    number(row, "data_misses", e.data.misses), number(row, "data_walks", e.data.walks);
}
void RowMaker::fill(EventRow& row, const trace::SecondHits& e, const trace::State&) const {
    row.id = trace::EventId::second_hits;
    text(row, "profile", profile_name(e.profile)), number(row, "hits", e.hits);
}
void RowMaker::fill(EventRow& row, const trace::FastCall& e, const trace::State&) const {
    constexpr const char* kinds[] = {"sysenter", "sysexit", "syscall", "sysret"};
    row.id = trace::EventId::fast_call;
    text(row, "kind", kinds[static_cast<unsigned>(e.kind)]), instruction(row, e.ip);
}
// A line for each would be the trace once more: the first and the last.
void RowMaker::fill(EventRow& row, const trace::References& e, const trace::State&) const {
    row.id = trace::EventId::references;
    number(row, "count", e.count);
    if (e.count == 0) return;
    hex(row, "first", mm::address(e.at(0).page).raw), hex(row, "last", mm::address(e.at(e.count - 1).page).raw);
}
void RowMaker::fill(EventRow& row, const trace::Stale& e, const trace::State&) const {
    row.id = trace::EventId::stale;
    number(row, "site", e.site), text(row, "kind", mm::name(e.kind)), text(row, "level", mm::name(e.level));
    hex(row, "linear", e.linear.raw), region(row, region_name(e.linear, e.access.user)), text(row, "access", access_names[static_cast<unsigned>(e.access.kind)]);
    text(row, "privilege", privilege(e.access.user)), instruction(row, e.ip);
    number(row, "large", e.large), number(row, "global", e.global), number(row, "used_by_bochs", e.used_by_bochs);
    text(row, "how", mm::name(e.change.how)), number(row, "writer_cpu", e.change.cpu), hex(row, "writer_ip", e.change.ip), number(row, "writer_time", e.change.ticks);
    text(row, "cached_access", access_names[static_cast<unsigned>(e.cached.access)]), hex(row, "cached_ip", e.cached.ip), number(row, "cached_time", e.cached.ticks);
    hex(row, "entry_at", e.change.entry_at.raw), hex(row, "old_entry", e.change.old_entry), hex(row, "new_entry", e.change.new_entry);
    hex(row, "old_frame", e.old_frame.raw), text(row, "old_zone", zone_name(e.old_frame)), text(row, "old_owner", mm::name(e.old_owner));
    if (e.old_mapped_at.raw) hex(row, "old_mapped_at", e.old_mapped_at.raw);
    if (e.mapped) hex(row, "new_frame", e.new_frame.raw), text(row, "new_zone", zone_name(e.new_frame));
    text(row, "profiles", profile_names(e.profiles));
}
void RowMaker::fill(EventRow& row, const trace::StaleUses& e, const trace::State&) const {
    row.id = trace::EventId::stale_uses;
    number(row, "site", e.site), number(row, "uses", e.uses);
}
void RowMaker::fill(EventRow& row, const trace::EntryWrite& e, const trace::State&) const {
    row.id = trace::EventId::entry_write;
    hex(row, "at", e.at.raw), hex(row, "value", e.value), text(row, "how", mm::name(e.how)), instruction(row, e.ip);
}

void RowMaker::fill(EventRow& row, const trace::Instruction& e, const trace::State&) const {
    row.id = trace::EventId::instruction;
    instruction(row, e.ip);
}
void RowMaker::fill(EventRow& row, const trace::Task& e, const trace::State&) const {
    row.id = trace::EventId::task;
    number(row, "pid", e.pid), text(row, "name", printable(e.name)), number(row, "instructions", e.instructions);
}

void RowMaker::fill(EventRow& row, const trace::LongWalkRecord& e, const trace::State& state) const {
    constexpr const auto& names = LongModeStatistics::entries;
    constexpr const char* places[] = {"pte_at", "pde_at", "pdpte_at", "pml4e_at", "pml5e_at"};
    row.id = trace::EventId::long_walk;
    const mm::LongWalk view = trace::view(e, state);
    const uint64_t linear = e.page << mm::page_shift;
    hex(row, "linear", linear);
    text(row, "access", access_names[static_cast<unsigned>(e.access.kind)]), text(row, "privilege", privilege(e.access.user));
    number(row, "fault", e.fault);
    unsigned level = mm::long_levels(state.control);
    for (unsigned n = 0; n < e.reads && level-- > 0; ++n) hex(row, places[level], view.at[n].raw), hex(row, names[level], e.entry[n]);
    const bool translated = !e.fault && view.translation.mapped();
    if (translated) hex(row, "frame", view.translation.frame.raw), number(row, "page_bytes", uint64_t{1} << view.translation.shift);
    row.zone = translated ? zone_name(view.translation.frame) : "other";
    text(row, "zone", row.zone), region(row, e.fault ? "other" : long_region_name(linear));
    hex(row, "written", e.written);
}
void RowMaker::fill(EventRow& row, const trace::LongPageFault& e, const trace::State&) const {
    row.id = trace::EventId::long_page_fault;
    hex(row, "linear", e.linear), instruction(row, e.ip), hex(row, "code", e.code.encode()), region(row, long_region_name(e.linear));
}
void RowMaker::fill(EventRow& row, const trace::LongInvalidatePage& e, const trace::State&) const {
    row.id = trace::EventId::long_invlpg;
    hex(row, "linear", e.linear), instruction(row, e.ip), region(row, long_region_name(e.linear));
}
void RowMaker::fill(EventRow& row, const trace::LongRoot& e, const trace::State&) const {
    row.id = trace::EventId::long_root;
    hex(row, "high", e.high);
}
void RowMaker::fill(EventRow& row, const trace::LongInvalidatePcid& e, const trace::State&) const {
    row.id = trace::EventId::long_invpcid;
    text(row, "type", trace::detail::invpcid_labels[static_cast<unsigned>(e.type)]), number(row, "pcid", e.pcid), hex(row, "linear", e.linear), instruction(row, e.ip);
}

std::string RowMaker::long_region_name(uint64_t linear) const {
    const unsigned r = regions_.of_long(linear);
    return r < run_.regions.size() ? run_.regions[r].name : "other";
}
std::string RowMaker::zone_name(mm::Pfn frame) const {
    const unsigned z = zones_.of(frame);
    return z < run_.zones.size() ? run_.zones[z].name : "other";
}
std::string RowMaker::region_name(mm::VirtAddr a, bool user_access) const {
    const unsigned r = regions_.of(a, user_access);
    return r < run_.regions.size() ? run_.regions[r].name : "other";
}
std::string RowMaker::span_name(unsigned id) const {
    for (const SpanInfo& s : run_.spans)
        if (s.id == id) return s.name;
    return {};
}
std::string RowMaker::profile_names(uint16_t mask) const {
    std::string names;
    for (unsigned p = 0; p < run_.profiles.size() && p < 16; ++p)
        if (mask >> p & 1) names += (names.empty() ? "" : "+") + run_.profiles[p];
    return names;
}
std::string RowMaker::profile_name(unsigned number) const {
    return number < run_.profiles.size() ? run_.profiles[number] : "profile " + std::to_string(number);
}

}  // namespace tools
