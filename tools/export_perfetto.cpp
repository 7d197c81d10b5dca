// SPDX-License-Identifier: LGPL-2.1-or-later
// Writes a trace in Chrome's trace event format ("Trace Event Format", the Chromium project): process a CPU, thread 1 its spans,
// thread 2 its tasks, thread 3 its flushes.
#include <algorithm>
#include <map>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "address_map.hpp"
#include "export_formats.hpp"
#include "printable.hpp"
#include "walk_places.hpp"

namespace tools {
namespace {

using json = nlohmann::ordered_json;
namespace trace = mm::trace;

enum Thread : unsigned { spans_thread = 1, tasks_thread = 2, flushes_thread = 3 };
constexpr uint64_t default_ips = 100'000'000;  // of recordings that do not say theirs

// The elements of the one array, with commas between them.
class EventWriter final {
public:
    EventWriter(std::ostream& out, uint64_t ips) : out_{out}, ticks_a_microsecond_{static_cast<double>(ips ? ips : default_ips) / 1e6} {}

    void event(const json& e) {
        // Names come from the guest: bytes that are no UTF-8 are replaced.
        out_ << (first_ ? "\n" : ",\n") << e.dump(-1, ' ', false, json::error_handler_t::replace);
        first_ = false;
    }
    [[nodiscard]] json head(const char* phase, const std::string& name, unsigned process, unsigned thread, uint64_t ticks) const {
        return {{"ph", phase}, {"name", name}, {"pid", process}, {"tid", thread}, {"ts", static_cast<double>(ticks) / ticks_a_microsecond_}};
    }
    void name_of(const char* what, unsigned process, unsigned thread, const std::string& name) {
        event({{"ph", "M"}, {"name", what}, {"pid", process}, {"tid", thread}, {"args", {{"name", name}}}});
    }

private:
    std::ostream& out_;
    const double ticks_a_microsecond_;
    bool first_ = true;
};

// What is counted in one interval, and told at its begin: Perfetto draws a counter's value until the next one.
struct IntervalCounts {
    std::vector<std::vector<uint64_t>> walks;  // by profile, then by zone
    uint64_t fills{}, page_faults{}, cr3_writes{}, invlpg{};

    IntervalCounts(size_t profiles, size_t zones) : walks(profiles, std::vector<uint64_t>(zones)) {}
    void clear() {
        for (auto& by_zone : walks) std::fill(by_zone.begin(), by_zone.end(), 0);
        fills = page_faults = cr3_writes = invlpg = 0;
    }
};

class PerfettoStream final {
public:
    PerfettoStream(const RunInfo& run, const Symbols& symbols, unsigned cpu, uint64_t interval, EventWriter& out)
        : run_{run}, symbols_{symbols}, process_{cpu + 1}, interval_{interval}, out_{out}, zones_{run.zones}, counts_{run.profiles.size(), zones_.count()} {
        for (const SpanInfo& s : run.spans) names_[static_cast<uint16_t>(s.id)] = s.name;
        out_.name_of("process_name", process_, 0, "CPU " + std::to_string(cpu));
        out_.name_of("thread_name", process_, spans_thread, "spans");
        if (run.tasks) out_.name_of("thread_name", process_, tasks_thread, "tasks");
        out_.name_of("thread_name", process_, flushes_thread, "flushes");
    }

    void at(uint64_t time) {
        if (!begun_) begun_ = true, interval_begin_ = time / interval_ * interval_;
        if (time < interval_begin_ + interval_) return;
        write_counts();
        const uint64_t next = time / interval_ * interval_;
        // After an interval with counts, one without any: a line at zero, not a ramp.
        if (next > interval_begin_ + interval_) interval_begin_ += interval_, write_counts();
        interval_begin_ = next;
    }

    void take(uint64_t time, const trace::SpanName& e) { names_[e.span] = printable(e.text), (void)time; }
    void take(uint64_t time, const trace::SpanEdge& e) {
        // Slices nest; an end of another span than the innermost is `check`'s business.
        if (e.which == trace::EventId::span_begin) {
            open_.push_back(e.span);
            json object = out_.head("B", span_name(e.span), process_, spans_thread, time);
            object["args"] = {{"instructions", e.instructions}};
            out_.event(object);
        } else if (!open_.empty() && open_.back() == e.span) {
            open_.pop_back();
            json object = out_.head("E", span_name(e.span), process_, spans_thread, time);
            object["args"] = {{"instructions", e.instructions}};
            out_.event(object);
        }
    }
    void take(uint64_t time, const trace::Task& e) {
        end_task(time);
        task_ = std::string{e.name} + " " + std::to_string(e.pid);
        json object = out_.head("B", task_, process_, tasks_thread, time);
        object["args"] = {{"pid", e.pid}};
        out_.event(object);
    }
    void take(uint64_t time, const trace::ControlWrite& e) {
        if (e.which == trace::EventId::cr3_write) ++counts_.cr3_writes;
        flush(time, trace::kind_of(e.which).name, {{"value", fmt::format("0x{:08x}", e.value)}}, e.ip);
    }
    void take(uint64_t time, const trace::TaskSwitch& e) { flush(time, "task_switch", {{"cr3", fmt::format("0x{:08x}", e.cr3)}}, e.ip); }
    void take(uint64_t time, const trace::InvalidatePage& e) {
        ++counts_.invlpg;
        flush(time, "invlpg", {{"linear", fmt::format("0x{:08x}", e.linear.raw)}}, e.ip);
    }
    void take(uint64_t time, const trace::InvalidatePcid& e) { flush(time, "invpcid", {{"linear", fmt::format("0x{:08x}", e.linear.raw)}}, e.ip); }
    void take(uint64_t time, const trace::LongInvalidatePage& e) {
        ++counts_.invlpg;
        long_flush(time, "invlpg", e.linear, e.ip);
    }
    void take(uint64_t time, const trace::LongInvalidatePcid& e) { long_flush(time, "invpcid", e.linear, e.ip); }
    void take(uint64_t time, const trace::Mark& e) { instant(time, "mark", spans_thread, {{"value", e.value}}); }
    void take(uint64_t time, const trace::Stale& e) {
        json args{{"site", e.site}, {"kind", mm::name(e.kind)}, {"linear", fmt::format("0x{:08x}", e.linear.raw)}};
        add_ip(args, "used_by", e.ip), add_ip(args, "changed_by", e.change.ip);
        instant(time, "stale use", flushes_thread, args);
    }
    void take(uint64_t, const trace::PageFault&) { ++counts_.page_faults; }
    void take(uint64_t, const trace::LongPageFault&) { ++counts_.page_faults; }
    void take_walk(const trace::ObservedWalk& e, const trace::State&) { counts_.fills += !e.walk.fault; }
    void take_walk(const trace::LongWalkRecord& e, const trace::State&) { counts_.fills += !e.fault; }
    void take_walk(const trace::ModelWalk& e, const trace::State& state) {
        const unsigned zone = e.walk.fault ? zones_.other() : zones_.of(places(e.walk, state).frame);
        for (unsigned p = 0; p < counts_.walks.size(); ++p) counts_.walks[p][zone] += e.profiles >> p & 1;
    }

    void finish(uint64_t time) {
        if (!begun_) return;
        write_counts();
        counts_.clear();
        interval_begin_ = time;
        write_counts();
        end_task(time);
        for (; !open_.empty(); open_.pop_back()) out_.event(out_.head("E", span_name(open_.back()), process_, spans_thread, time));
    }

private:
    std::string span_name(uint16_t span) const {
        const auto known = names_.find(span);
        return known == names_.end() ? "span " + std::to_string(span) : known->second;
    }
    void end_task(uint64_t time) {
        if (!task_.empty()) out_.event(out_.head("E", task_, process_, tasks_thread, time));
        task_.clear();
    }
    void add_ip(json& args, const char* key, uint32_t ip) const {
        const std::string symbol = symbols_.at(ip);
        args[key] = symbol.empty() ? fmt::format("0x{:08x}", ip) : symbol;
    }
    void instant(uint64_t time, const std::string& name, unsigned thread, const json& args) {
        json object = out_.head("i", name, process_, thread, time);
        object["s"] = "t", object["args"] = args;
        out_.event(object);
    }
    void flush(uint64_t time, const std::string& name, json args, uint32_t ip) {
        add_ip(args, "by", ip);
        instant(time, name, flushes_thread, args);
    }
    // Symbols are those of 32-bit kernels.
    void long_flush(uint64_t time, const std::string& name, uint64_t linear, uint64_t ip) {
        instant(time, name, flushes_thread, {{"linear", fmt::format("0x{:08x}", linear)}, {"by", fmt::format("0x{:08x}", ip)}});
    }
    void counter(const std::string& name, const json& values) {
        json object = out_.head("C", name, process_, 0, interval_begin_);
        object["args"] = values;
        out_.event(object);
    }
    void write_counts() {
        for (size_t p = 0; p < counts_.walks.size(); ++p) {
            json by_zone = json::object();  // zones of several nodes may share a name
            for (size_t z = 0; z < counts_.walks[p].size(); ++z) {
                json& sum = by_zone[z < run_.zones.size() ? run_.zones[z].name : "other"];
                sum = (sum.is_null() ? 0 : sum.get<uint64_t>()) + counts_.walks[p][z];
            }
            counter("walks " + run_.profiles[p], by_zone);
        }
        counter("flushes", {{"CR3 writes", counts_.cr3_writes}, {"INVLPG", counts_.invlpg}});
        counter("page faults", {{"page faults", counts_.page_faults}});
        counter("Bochs fills", {{"fills", counts_.fills}});
        counts_.clear();
    }

    const RunInfo& run_;
    const Symbols& symbols_;
    const unsigned process_;
    const uint64_t interval_;  // ticks
    EventWriter& out_;
    ZoneMap zones_;
    IntervalCounts counts_;
    std::map<uint16_t, std::string> names_;
    std::vector<uint16_t> open_;
    std::string task_;
    bool begun_ = false;
    uint64_t interval_begin_ = 0;
};

// Where the streams begin and end. Recordings that were killed do not say it.
std::pair<uint64_t, uint64_t> ticks_of(Trace& trace) {
    uint64_t first = UINT64_MAX, last = 0;
    for (Stream& stream : trace.streams()) {
        stream.rewind();
        while (const auto packet = stream.next_packet()) first = std::min(first, packet->header.begin_ticks), last = std::max(last, packet->header.end_ticks);
    }
    return {std::min(first, last), last};
}

}  // namespace

void export_perfetto(Trace& trace, const Symbols& symbols, unsigned intervals, std::ostream& out) {
    const RunInfo& run = trace.run();
    const auto [first, last] = ticks_of(trace);
    const uint64_t interval = std::max<uint64_t>(1, (last - first) / intervals);
    out << "{\"displayTimeUnit\": \"ns\", \"otherData\": "
        << json{{"guest", run.guest}, {"split", run.split}, {"paging", run.paging}, {"memory_mib", run.memory_mib}, {"counters_interval_ticks", interval}}.dump(
               -1, ' ', false, json::error_handler_t::replace)
        << ", \"traceEvents\": [";
    EventWriter writer{out, run.ips};
    for (Stream& stream : trace.streams()) {
        stream.rewind();
        PerfettoStream events{run, symbols, stream.cpu(), interval, writer};
        uint64_t end = first;
        stream.read_all([&](uint64_t time, const auto& event, const trace::State& state, uint64_t) {
            events.at(end = time);
            if constexpr (requires { events.take(time, event); }) events.take(time, event);
            else if constexpr (requires { events.take_walk(event, state); }) events.take_walk(event, state);
        });
        events.finish(end);
    }
    out << "\n]}\n";
}

}  // namespace tools
