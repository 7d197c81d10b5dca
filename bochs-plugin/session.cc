// SPDX-License-Identifier: LGPL-2.1-or-later
// The recording as a whole.
#include "session.h"

#include <stdio.h>

#include <algorithm>

#include "mm/trace_tsdl.hpp"

namespace plugin {

using namespace mm;

namespace {

constexpr uint16_t bochs_shutdown_port = 0x8900;
constexpr char shutdown_word[] = "Shutdown";
constexpr size_t deepest_spans = 64;
constexpr size_t most_warnings = 50;

}  // namespace

Session::Session(const Options& options, const Setup& setup, Control control)
    : options_{options}, setup_{setup}, control_{std::move(control)}, marks_{options.start, options.until},
      started_{options.record && !options.start && options.restored.empty()}, stale_{options.stale} {
    stale_.on_report = [this] {
        if (options_.stop_on_stale && !control_.break_in()) end(EndReason::stale, "a translation was used that should have been flushed");
    };
    info_.start.mark = describe(options.start), info_.until.mark = describe(options.until);
    info_.resumed_from = options.restored;
    info_.split = options.split;
    info_.paging = options.paging;
    info_.memory_mib = setup.memory_mib;
    info_.cpu_model = setup.cpu_model;
    info_.cpus = setup.cpus;
    info_.ips = setup.ips;
    info_.stale.mode = name(options.stale);
    forget_published();
    if (!options.system_map.empty()) {
        linux_ = std::make_unique<LinuxGuest>(options.system_map);
        for (const std::string& warning : linux_->warnings()) warn(warning);
    }
    for (const MmuGeometry* g : options.profiles->geometries()) info_.profiles.push_back(g->profile), info_.geometries.push_back(to_text(*g));
}

bool Session::create() {
    error_ = make_directories(options_.output + "/.zonescope");
    if (!error_.empty()) return false;
    std::string metadata;
    trace::put_metadata([&](const char* text) { metadata += text; }, setup_.ips);
    error_ = replace_file(options_.output + "/metadata", metadata);
    if (error_.empty()) error_ = replace_file(options_.output + "/.zonescope/run.json", to_json(info_));
    if (error_.empty() && !options_.live.empty()) open_live();
    return error_.empty();
}

bool Session::add_cpu(const Machine& machine, FastPath& fast) {
    const unsigned number = cpus();
    cpus_.push_back(std::make_unique<Cpu>());
    Cpu& cpu = *cpus_.back();
    cpu.machine = &machine;
    const bool opened = cpu.file.open(options_.output + "/cpu" + std::to_string(number));
    if (!opened) error_ = cpu.file.error();
    else cpu.writer.start();
    cpu.state = std::make_unique<CpuState>(machine, fast, cpu.writer, number, options_.profiles->geometries(), stale_, options_.references,
                                           [this, &cpu] { write_failed(cpu.file.error()); }, setup_.most_translations);
    if (live_) cpu.state->at_intervals([this] { look_for_viewers(); });
    return opened;
}

void Session::port_write(unsigned number, uint16_t port, unsigned length, uint32_t value, const Position& at) {
    Cpu& by = *cpus_[number];
    last_write_ = {number, value, by.machine->instructions()};
    if (marks_.port_write(port, value)) meet_mark();
    if (port == bochs_shutdown_port) {
        shutdown_text_ += static_cast<char>(value);
        if (shutdown_text_.compare(0, shutdown_text_.size(), shutdown_word, shutdown_text_.size()) != 0) shutdown_text_.clear();
        if (shutdown_text_ != shutdown_word) return;
        if (recording()) by.state->catch_up(at);
        return end(EndReason::shutdown, "");
    }
    if (!PortProtocol::listens(port)) return;
    switch (by.protocol.write(port, length, value)) {
    case PortProtocol::Outcome::command: return obey(by, by.protocol.command(), at);
    case PortProtocol::Outcome::error: return warn("guest protocol: " + by.protocol.error());
    case PortProtocol::Outcome::nothing: return;
    }
}

void Session::obey(Cpu& by, const GuestCommand& c, const Position& at) {
    using protocol::Op;
    CpuState& cpu = *by.state;
    switch (c.op) {
    case Op::hello:
        info_.guest = c.name;
        forget_published();
        for (const auto& each : cpus_) each->state->set_flush_reason(protocol::FlushReason::none);
        return save();
    case Op::zone: return publish_zones({RunInfo::Zone{c.name, c.operand, c.start, c.end, c.present_pages}}), save();
    case Op::region: return info_.regions.push_back({c.name, c.start, c.end}), save();
    case Op::symbols: return info_.symbols = c.name, save();
    case Op::span_name:
        info_.spans.push_back({c.operand, c.name});
        if (recording()) cpu.guest_event(trace::SpanName{static_cast<uint16_t>(c.operand), c.name.c_str()}, at);
        return save();
    case Op::span_begin:
    case Op::span_end: return span_edge(by, c, at);
    case Op::mark:
        if (recording()) cpu.guest_event(trace::Mark{c.operand}, at);
        if (marks_.guest_mark(c.operand)) meet_mark();
        return;
    case Op::flush_reason: return cpu.set_flush_reason(static_cast<protocol::FlushReason>(c.operand));
    case Op::page_table:
        if (recording()) return cpu.publish_page_table(Pfn{static_cast<uint32_t>(c.start)}, static_cast<protocol::PageTable>(c.operand), at);
        return stale_.publish_page_table(Pfn{static_cast<uint32_t>(c.start)}, static_cast<protocol::PageTable>(c.operand),
                                         {at.base + at.previous, by.machine->ticks()});
    case Op::result: return info_.guest_failures = c.operand, save();
    }
}

// Spans nest on each CPU: an end that is not the innermost span's is not recorded, so that the trace is sound whatever the guest does.
void Session::span_edge(Cpu& by, const GuestCommand& c, const Position& at) {
    const bool begins = c.op == protocol::Op::span_begin;
    const std::string id = std::to_string(c.operand);
    if (begins && by.open_spans.size() == deepest_spans) return warn("guest protocol: span " + id + " begins inside " + std::to_string(deepest_spans) + " others");
    if (!begins && by.open_spans.empty()) return warn("guest protocol: span " + id + " ends, but none is open");
    if (!begins && by.open_spans.back().id != c.operand)
        return warn("guest protocol: span " + id + " ends, but span " + std::to_string(by.open_spans.back().id) + " is the innermost");
    if (begins) by.open_spans.push_back({c.operand, recording(), false});
    const bool recorded = recording() && by.open_spans.back().recorded;
    if (!begins) by.open_spans.pop_back();
    if (recorded) by.state->span_edge(begins ? trace::EventId::span_begin : trace::EventId::span_end, static_cast<uint16_t>(c.operand), at);
    if (!begins) return;
    for (const RunInfo::Span& named : info_.spans)
        if (named.id == c.operand && marks_.span_begins(named.name)) by.open_spans.back().is_mark = true, meet_mark();
}

// Bochs stops inside the write that asks for it: PM1 control with SLP_EN (bit 13), and SLP_TYP (bits 12:10) 0, its BIOS' S5.
bool Session::powered_off() const {
    return !cpus_.empty() && last_write_.instructions == cpus_[last_write_.cpu]->machine->instructions() && (last_write_.value & 0x3C00) == 0x2000;
}

void Session::look_at_linux(const Machine& machine, const trace::State& state, bool user_code) {
    const GuestMemory memory{machine, state};
    if (!state.control.narrow_paging() || !linux_->look(memory, user_code)) return;
    publish_linux(memory);
    save();
}

void Session::publish_linux(const GuestMemory& memory) {
    if (const std::string name = linux_->name(); !name.empty()) {
        info_.guest = name;
        if (!linux_->zones().empty()) info_.zones.clear(), publish_zones(linux_->zones());
        info_.regions = linux_->regions().regions;
        info_.split = linux_->split();
        info_.paging = memory.state().control.mode() == PagingMode::pae ? "pae" : "classic";
        info_.symbols = options_.system_map.substr(options_.system_map.rfind('/') + 1);
        info_.symbols_moved_by = linux_->symbols().shift();
    }
    if (!linux_->done()) return;
    if (!linux_->zones().empty()) follow_tasks(memory);
    for (const std::string& warning : linux_->warnings()) warn(warning);
}

void Session::follow_tasks(const GuestMemory& memory) {
    std::string missing;
    const auto layout = find_linux_tasks(memory, linux_->symbols(), linux_->regions().page_offset, missing);
    if (!layout) return warn(options_.system_map + ": " + missing + " is missing: what is done is told by address space (CR3), not by task");
    info_.tasks = true;
    for (const auto& each : cpus_) each->state->follow_tasks(*layout);
}

bool Session::in_trampoline(VirtAddr ip) const {
    for (const RunInfo::Region& r : info_.regions)
        if (r.start <= ip.raw && ip.raw < r.end && r.name == protocol::trampoline_region) return true;
    return linux_ && linux_->regions().in_entry_text(ip);
}

void Session::warn(const std::string& text) {
    for (Warning& known : warnings_)
        if (known.text == text) return void(++known.times);
    if (warnings_.size() < most_warnings) warnings_.push_back({text, 1});
}

void Session::end(EndReason reason, const std::string& detail) {
    if (ended()) return;
    info_.reason = reason;
    info_.detail = detail;
    if (reason != EndReason::shutdown) control_.stop();
}

// Also after the guest has powered off, since the last packets are still to be written then.
void Session::write_failed(const std::string& error) {
    if (info_.reason == EndReason::disk_full) return;
    end(EndReason::disk_full, error);
    info_.reason = EndReason::disk_full;
    info_.detail = error;
    fprintf(stderr, "zonescope: %s: the recording stops here; free some space, or record elsewhere\n", error.c_str());
}

void Session::save() {
    info_.warnings.clear();
    for (const Warning& w : warnings_) info_.warnings.push_back(w.times == 1 ? w.text : w.text + " (" + std::to_string(w.times) + " times)");
    const std::string error = replace_file(options_.output + "/.zonescope/run.json", to_json(info_));
    if (!error.empty() && !ended()) write_failed(error);
}

RunInfo::Cpu Session::counts_of(unsigned number) const {
    const CpuState& cpu = *cpus_[number]->state;
    const ObservedCounts& o = cpu.observed();
    RunInfo::Cpu counts{number, cpu.instructions(), cpu.idle_ticks(), o.cr3_writes, o.invlpg,
                        o.page_faults, o.walk_reads, o.walk_writes, o.pdpte_loads, o.fills[0], o.fills[1], o.fills[2], {}};
    for (unsigned n = 0; n < cpu.models().count(); ++n) {
        const LookupCounts i = cpu.models().counts(n, AccessKind::execute), d = cpu.models().counts(n, AccessKind::read);
        counts.models.push_back({info_.profiles[n], i.lookups, i.misses, d.lookups, d.misses, i.walks + d.walks});
    }
    return counts;
}

void Session::summarize() {
    info_.finals.clear();
    info_.checks = {};
    if (suspensions_) warn("parts of the run, " + std::to_string(suspensions_) + ", were left out of the recording in the debugger: for it the guest was idle there");
    info_.instructions = info_.ticks = info_.long_mode_instructions = 0;
    if (!started_) return;
    for (const auto& each : cpus_) {
        const CpuState& cpu = *each->state;
        info_.finals.push_back(counts_of(static_cast<unsigned>(info_.finals.size())));
        info_.instructions += cpu.instructions(), info_.long_mode_instructions += cpu.long_mode_instructions();
        if (cpu.ticks() > info_.ticks) info_.ticks = cpu.ticks();
        info_.checks.model_disagreements += cpu.model_disagreements().count();
        info_.checks.walk_disagreements += cpu.walk_disagreements().count();
        info_.checks.fetch_mismatches += cpu.fetch_mismatches();
        for (const std::string& text : cpu.model_disagreements().first()) info_.checks.first.push_back("model: " + text);
        for (const std::string& text : cpu.walk_disagreements().first()) info_.checks.first.push_back("walk: " + text);
    }
    info_.oddities.clear();
    Oddities oddities;
    for (const auto& cpu : cpus_) oddities.add(cpu->state->oddities());
    oddities.visit([this](const char* kind, uint64_t count, const std::string& first) { info_.oddities.push_back({kind, count, first}); });
    if (info_.checks.model_disagreements != 0 && cpus_.size() == 1)  // else a change by another CPU may not be finished
        warn(std::to_string(info_.checks.model_disagreements) + " modelled translations differ from Bochs': the guest may rely on an entry that it did not flush");
    for (const auto& cpu : cpus_)
        if (const uint64_t forgotten = cpu->state->models().shared().translations.forgotten(); forgotten != 0)
            warn("the models forgot " + std::to_string(forgotten) + " translations that were long unused: walks for these count as first touches");
    note_long_mode();
    info_.stale = {name(stale_.mode), stale_.changes, stale_.held(), stale_.sites.sites(), stale_.sites.uses(), MayHold::most_listed, stale_.unfollowed(),
                   stale_.unfinished + stale_.sites.taken_back(), stale_.unsettled};
    if (info_.stale.unfollowed != 0)
        warn("the search for missing flushes ran out of room: it did not follow " + std::to_string(info_.stale.unfollowed) + " stale translations or uses");
    if (info_.stale.unsettled != 0)
        warn("the search for missing flushes ran out of room: of the uses of another CPU's changes that it counted " + std::to_string(info_.stale.unsettled) +
             " may be no mistakes, because the CPU was told in time");
    if (info_.checks.walk_disagreements != 0) warn(std::to_string(info_.checks.walk_disagreements) + " walks do not read what Bochs read");
}

unsigned Session::long_levels() const {
    unsigned levels = 0;
    for (const auto& each : cpus_) levels = std::max(levels, each->state->long_levels_seen());
    return levels;
}

// What a guest of long mode publishes of its linear addresses has no more than 32 bits: the halves that the processor makes are regions.
void Session::note_long_mode() {
    const unsigned levels = long_levels();
    if (levels == 0) return;
    warn("the guest used 64-bit paging: Bochs' walks are recorded there, but no TLB is modelled and missing flushes are not searched for");
    for (const RunInfo::Region& r : info_.regions)
        if (r.end > uint64_t{1} << 32) return;
    info_.regions.push_back({"user half", 0, lower_half_end(levels)});
    info_.regions.push_back({"kernel half", upper_half_start(levels), ~uint64_t{0}});
}

bool Session::finish(EndReason reason, const std::string& detail) {
    go_on({});
    for (const auto& cpu : cpus_) {
        if (!started_) cpu->state->forget_tasks(), cpu->state->begin({}, cpu->machine->instructions());  // so that the stream can be read
        cpu->state->finish();
    }
    for (const auto& cpu : cpus_)
        if (!cpu->writer.finish() || !cpu->file.close()) write_failed(cpu->file.error());
    if (linux_ && !linux_->done())
        warn(options_.system_map + (long_levels() ? ": is of use for 32-bit Linux only, and the guest used 64-bit paging"
                                                  : ": the guest ended before it had set up all of its zones and regions"));
    end(reason, detail);
    summarize();
    info_.complete = (started_ || !options_.record) && info_.reason != EndReason::interrupted && info_.reason != EndReason::disk_full && info_.reason != EndReason::error;
    if (!info_.complete) info_.finals.clear();
    save();
    if (live_) finish_live();
    return info_.complete;
}

}  // namespace plugin
