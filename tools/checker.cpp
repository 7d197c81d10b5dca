// SPDX-License-Identifier: LGPL-2.1-or-later
// The rules that every event, and every stream as a whole, must keep.
#include "checker.hpp"

#include <fstream>
#include <map>
#include <sstream>

#include "mm/protocol.hpp"
#include "mm/trace_tsdl.hpp"
#include "model_checker.hpp"
#include "printable.hpp"
#include "stale_checker.hpp"
#include "statistics.hpp"

namespace tools {
namespace {

namespace trace = mm::trace;

// What one CPU's stream adds up to, for the comparison with its own counters and with run.json.
struct Counted {
    ObservedStatistics observed;
    uint64_t instructions{};
};

class StreamChecker final {
public:
    StreamChecker(const Stream& stream, const RunInfo& run, std::map<unsigned, std::string>& names, StaleChecker& stale)
        : stream_{stream}, run_{run}, names_{names}, models_{run.profiles}, stale_{stale} {}

    template <class Event>
    void take(uint64_t time, const Event& event, const trace::State& state, uint64_t offset) {
        time_ = time, offset_ = offset;
        check(event, state);
        cr3_ = state.control.cr3;
        paging_ = state.control.mode() != mm::PagingMode::none;
        ++events_;
    }
    void finish();
    [[nodiscard]] uint64_t events() const { return events_; }

private:
    [[noreturn]] void fail(const std::string& what) const { throw TraceError{stream_.name(), offset_, what}; }
    void require(bool holds, const char* what) const { if (!holds) fail(what); }
    void require_none(const std::string& wrong) const { if (!wrong.empty()) fail(wrong); }

    // Registers do not change between two packets. (CR3 does, unseen, in SMM: its handler runs without paging.)
    void check(const trace::State& e, const trace::State&) const {
        const bool paging = e.control.mode() != mm::PagingMode::none;
        if (events_ && paging && paging_) require(e.control.cr3 == cr3_, "state: CR3 differs from the end of the packet before");
    }
    void check(const trace::ControlWrite& e, const trace::State&) { counted_.observed.cr3_writes += e.which == trace::EventId::cr3_write; }
    void check(const trace::TaskSwitch&, const trace::State&) {}
    void check(const trace::InvalidatePage&, const trace::State&) { ++counted_.observed.invlpg; }
    void check(const trace::InvalidatePcid&, const trace::State&) {}
    void check(const trace::PdpteLoad&, const trace::State&) { counted_.observed.pdpte_loads += 4; }
    void check(const trace::ObservedWalk& e, const trace::State& state) {
        check_walk(e.walk, state);
        require(!e.pde_written || e.walk.reads >= 1, "observed_walk: writes a directory entry that it did not read");
        require(!e.pte_written || e.walk.reads >= 2, "observed_walk: writes a table entry that it did not read");
        ObservedStatistics& o = counted_.observed;
        o.walk_reads += e.walk.reads, o.walk_writes += e.pde_written + e.pte_written;
        count_fill(e.walk.access.kind, e.walk.fault);
    }
    void check(const trace::LongWalkRecord& e, const trace::State& state) {
        check_long_walk(e, state);
        ObservedStatistics& o = counted_.observed;
        o.walk_reads += e.reads, o.walk_writes += static_cast<unsigned>(__builtin_popcount(e.written));
        count_fill(e.access.kind, e.fault);
    }
    void check(const trace::LongPageFault&, const trace::State&) { ++counted_.observed.page_faults; }
    void check(const trace::LongInvalidatePage&, const trace::State&) { ++counted_.observed.invlpg; }
    void check(const trace::LongRoot&, const trace::State&) const {}
    void check(const trace::LongInvalidatePcid&, const trace::State&) const {}
    void check(const trace::ModelWalk& e, const trace::State& state) {
        check_walk(e.walk, state);
        require_none(models_.take(e));
    }
    void check(const trace::PageFault&, const trace::State&) { ++counted_.observed.page_faults; }
    void check(const trace::Flush& e, const trace::State&) const { require_none(models_.take(e)); }
    void check(const trace::Interrupt&, const trace::State&) const {}
    void check(const trace::InterruptReturn&, const trace::State&) const {}
    void check(const trace::SpanName& e, const trace::State&) {
        require(e.span < mm::protocol::max_span_names, "span_name: span id out of range");
        names_[e.span] = printable(e.text);
    }
    void check(const trace::SpanEdge& e, const trace::State&);
    void check(const trace::Mark&, const trace::State&) const {}
    void check(const trace::SecondHits& e, const trace::State&) { require_none(models_.take(e)); }
    void check(const trace::FastCall&, const trace::State&) const {}
    void check(const trace::References& e, const trace::State&) { require_none(models_.take(e)); }
    void check(const trace::Stale& e, const trace::State& state) const { require_none(stale_.take(time_, stream_.cpu(), e, state)); }
    void check(const trace::StaleUses& e, const trace::State&) const { require_none(stale_.take(time_, e)); }
    void check(const trace::EntryWrite&, const trace::State&) const {}
    void check(const trace::Instruction&, const trace::State&) const {}
    void check(const trace::Task& e, const trace::State&) {
        require(run_.tasks, "task: run.json says that tasks are not told");
        count_to(e.instructions, "task: instruction count goes back");
    }
    void check(const trace::Counters& e, const trace::State&);

    void count_to(uint32_t instructions, const char* what);
    void count_fill(mm::AccessKind kind, bool fault) {
        ObservedStatistics& o = counted_.observed;
        if (!fault) ++(kind == mm::AccessKind::read ? o.fills_read : kind == mm::AccessKind::write ? o.fills_write : o.fills_execute);
    }
    void check_walk(const trace::WalkRecord& w, const trace::State& state) const;
    void check_long_walk(const trace::LongWalkRecord& w, const trace::State& state) const;
    void check_finals(const FinalCounters& f) const;

    const Stream& stream_;
    const RunInfo& run_;
    std::map<unsigned, std::string>& names_;
    Counted counted_;
    ModelChecker models_;
    StaleChecker& stale_;
    std::vector<uint16_t> open_spans_;
    uint64_t time_ = 0, offset_ = 0, events_ = 0;
    uint32_t cr3_ = 0;
    bool paging_ = false;
};

// The entries, walked again, must give what the event says: so many reads, and a fault exactly if they do not serve the access.
void StreamChecker::check_walk(const trace::WalkRecord& w, const trace::State& state) const {
    require(state.control.narrow_paging(), "walk: while paging is off, or in long mode");
    const trace::WalkView view = trace::view(w, state);
    require(view.reads == w.reads, "walk: its entries do not lead to each other");
    const bool serves = view.translation.mapped() && mm::allows(view.translation.permissions, w.access, state.control);
    if (view.translation.mapped() && mm::decided_by_ac(view.translation.permissions, w.access, state.control)) return;
    require(serves || w.fault, "walk: its entries do not serve the access, but no fault is recorded");
    require(!serves || !w.fault, "walk: its entries serve the access, but a fault is recorded");
}

// Modulo 2^32: a count that went back looks like a jump of more than half the range.
void StreamChecker::count_to(uint32_t instructions, const char* what) {
    const uint32_t step = instructions - static_cast<uint32_t>(counted_.instructions);
    require(step < uint32_t{1} << 31, what);
    counted_.instructions += step;
}

// Whether the CPU has 1 GiB pages is not recorded: without them such an entry faults. So may protection keys and shadow stacks (SDM vol. 3, 4.6.2
// and 4.6.3), which are not judged.
void StreamChecker::check_long_walk(const trace::LongWalkRecord& w, const trace::State& state) const {
    constexpr unsigned gibibyte_shift = 30;
    constexpr uint32_t cr4_pke = 1u << 22, cr4_cet = 1u << 23, cr4_pks = 1u << 24;
    require(state.control.mode() == mm::PagingMode::long_mode, "long_walk: not in long mode");
    const mm::LongWalk view = trace::view(w, state);
    require(view.reads == w.reads, "long_walk: its entries do not lead to each other");
    require(w.written >> w.reads == 0, "long_walk: writes an entry that it did not read");
    const mm::Translation& t = view.translation;
    const bool may_fault = t.shift == gibibyte_shift || (state.control.cr4 & (cr4_pke | cr4_cet | cr4_pks));
    if (t.mapped() && (mm::decided_by_ac(t.permissions, w.access, state.control) || (may_fault && w.fault))) return;
    const bool serves = t.mapped() && mm::allows(t.permissions, w.access, state.control);
    require(serves || w.fault, "long_walk: its entries do not serve the access, but no fault is recorded");
    require(!serves || !w.fault, "long_walk: its entries serve the access, but a fault is recorded");
}

void StreamChecker::check(const trace::SpanEdge& e, const trace::State&) {
    require(e.span < mm::protocol::max_span_names, "span: id out of range");
    count_to(e.instructions, "span: instruction count goes back");
    if (e.which == trace::EventId::span_begin) {
        require(names_.count(e.span) != 0, "span_begin: span has no name");
        return open_spans_.push_back(e.span);
    }
    require(!open_spans_.empty(), "span_end: no span is open");
    if (open_spans_.back() != e.span)
        fail("span_end: ends span " + std::to_string(e.span) + ", but the innermost open span is " + std::to_string(open_spans_.back()));
    open_spans_.pop_back();
}

void StreamChecker::check(const trace::Counters& e, const trace::State&) {
    require_none(models_.take(e));
    require(e.instructions >= counted_.instructions, "counters: instruction count goes back");
    counted_.instructions = e.instructions;
}

void StreamChecker::finish() {
    offset_ = stream_.bytes();
    if (!run_.complete) return;
    require(open_spans_.empty() || run_.reason == EndReason::instructions || run_.reason == EndReason::mark, "the recording is complete, but a span never ended");
    for (const FinalCounters& f : run_.finals)
        if (f.cpu == stream_.cpu()) check_finals(f);
}

// run.json's counts were made while recording, independently of the events.
void StreamChecker::check_finals(const FinalCounters& f) const {
    const auto same = [&](const std::string& what, uint64_t recorded, uint64_t counted) {
        if (recorded != counted)
            fail(what + ": run.json says " + std::to_string(recorded) + ", but the events add up to " + std::to_string(counted) + "; events are missing");
    };
    const ObservedStatistics& o = counted_.observed;
    same("instructions", f.instructions, counted_.instructions);
    same("cr3_writes", f.cr3_writes, o.cr3_writes), same("invlpg", f.invlpg, o.invlpg), same("page_faults", f.page_faults, o.page_faults);
    same("walk_reads", f.walk_reads, o.walk_reads), same("walk_writes", f.walk_writes, o.walk_writes), same("pdpte_loads", f.pdpte_loads, o.pdpte_loads);
    same("fills_read", f.fills_read, o.fills_read), same("fills_write", f.fills_write, o.fills_write), same("fills_execute", f.fills_execute, o.fills_execute);
    for (size_t p = 0; p < f.models.size() && p < run_.profiles.size(); ++p) {
        const FinalModel& m = f.models[p];
        const trace::Counters& last = models_.counters(p);
        same(m.profile + " itlb_misses", m.itlb_misses, last.instruction.misses), same(m.profile + " dtlb_misses", m.dtlb_misses, last.data.misses);
        same(m.profile + " walks", m.walks, models_.instruction_walks(p) + models_.data_walks(p));
        same(m.profile + " itlb_lookups", m.itlb_lookups, last.instruction.lookups);
        same(m.profile + " dtlb_lookups", m.dtlb_lookups, last.data.lookups);
    }
}

// The metadata is made from the same tables as the events, so it must be the very text.
void check_metadata_text(const Trace& trace) {
    const auto file = trace.directory() / "metadata";
    std::ifstream in{file, std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    std::string expected;
    trace::put_metadata([&](const char* piece) { expected += piece; }, trace.run().ips);
    const std::string found = text.str();
    if (found == expected) return;
    size_t at = 0;
    while (at < found.size() && at < expected.size() && found[at] == expected[at]) ++at;
    throw TraceError{file.string(), at, "differs from the metadata of trace version " + std::to_string(trace::version)};
}

// The recording's totals are those of its CPUs, whose clocks are one. With several a tick is what they execute on average, so that one may
// execute more instructions than ticks pass, and its idle ticks are an estimate.
void check_totals(const Trace& trace) {
    const RunInfo& run = trace.run();
    if (!run.complete) return;
    uint64_t instructions = 0;
    for (const FinalCounters& f : run.finals) {
        instructions += f.instructions;
        if (run.cpus == 1 && f.instructions + f.idle_ticks > run.ticks) throw TraceError{(trace.directory() / ".zonescope/run.json").string(), 0, "a CPU has more instructions and idle ticks than the recording has ticks"};
    }
    if (instructions != run.instructions) throw TraceError{(trace.directory() / ".zonescope/run.json").string(), 0, "the CPUs' instructions do not add up to the recording's"};
}

// CTF readers open every visible file of a trace directory.
void check_visible_files(const Trace& trace) {
    for (const auto& entry : std::filesystem::directory_iterator{trace.directory()}) {
        const std::string name = entry.path().filename().string();
        if (name.front() == '.' || name == "metadata" || (name.rfind("cpu", 0) == 0 && name.find_first_not_of("0123456789", 3) == std::string::npos)) continue;
        throw TraceError{entry.path().string(), 0, "does not belong into a trace directory; move it away, CTF readers would open it"};
    }
}

}  // namespace

CheckReport check_trace(Trace& trace) {
    CheckReport report;
    check_visible_files(trace);
    check_metadata_text(trace);
    check_totals(trace);
    std::map<unsigned, std::string> names;
    for (const SpanInfo& s : trace.run().spans) names[s.id] = s.name;
    StaleChecker stale{trace.run()};
    for (Stream& stream : trace.streams()) {
        StreamChecker checker{stream, trace.run(), names, stale};
        while (const auto packet = stream.next_packet()) {
            stream.read_packet(*packet, [&](uint64_t time, const auto& event, const trace::State& state, uint64_t offset) { checker.take(time, event, state, offset); });
            ++report.packets;
        }
        checker.finish();
        report.events += checker.events();
        report.bytes += stream.bytes();
        if (const auto at = stream.cut_off_at())
            report.notes.push_back(stream.name() + ": the last packet, at offset " + std::to_string(*at) + ", is incomplete and was left out");
    }
    if (const std::string wrong = stale.finish(); !wrong.empty()) throw TraceError{(trace.directory() / ".zonescope/run.json").string(), 0, wrong};
    if (const std::string note = trace.incomplete_note(); !note.empty()) report.notes.insert(report.notes.begin(), note);
    return report;
}

}  // namespace tools
