// SPDX-License-Identifier: LGPL-2.1-or-later
// The verb `dump`: a trace's events as text or JSON lines.
#include "dump.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string_view>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "command_line.hpp"
#include "event_row.hpp"
#include "pager.hpp"
#include "verbs.hpp"

namespace tools {
namespace {

using Wanted = std::array<bool, mm::trace::event_kinds>;

Wanted wanted_events(const std::vector<std::string>& names) {
    Wanted wanted{};
    if (names.empty()) wanted.fill(true);
    for (const auto& kind : mm::trace::kinds)
        if (std::find(names.begin(), names.end(), kind.name) != names.end()) wanted[static_cast<size_t>(kind.id)] = true;
    return wanted;
}

// The next event of one stream that passes the filter.
class Cursor final {
public:
    Cursor(Stream& stream, const RowMaker& rows, const DumpFilter& filter, const Wanted& wanted)
        : stream_{stream}, rows_{rows}, filter_{filter}, wanted_{wanted} { advance(); }

    [[nodiscard]] bool done() const { return done_; }
    [[nodiscard]] const EventRow& row() const { return row_; }

    void advance() {
        for (;;) {
            bool found = false;
            const bool event = in_packet_ && stream_.read_event([&](uint64_t time, const auto& e, const mm::trace::State& state) {
                if (time > filter_.to) return void(done_ = true);
                if (time < filter_.from) return;
                row_ = rows_.make(time, stream_.cpu(), e, state);
                found = wanted_[static_cast<size_t>(row_.id)] && (filter_.zone.empty() || row_.zone == filter_.zone);
            });
            if (found || done_) return;
            if (!event && !open_packet()) return void(done_ = true);
        }
    }

private:
    // Packets that end before the wanted time are passed over unread.
    bool open_packet() {
        std::optional<Packet> packet;
        do packet = stream_.next_packet(); while (packet && packet->header.end_ticks < filter_.from);
        if (packet) stream_.begin(*packet);
        return in_packet_ = packet.has_value();
    }

    Stream& stream_;
    const RowMaker& rows_;
    const DumpFilter& filter_;
    const Wanted& wanted_;
    EventRow row_;
    bool in_packet_ = false, done_ = false;
};

std::string text_of(const FieldValue& v) {
    if (v.kind == FieldValue::Kind::text) return v.text;
    char text[24];
    std::snprintf(text, sizeof text, v.kind == FieldValue::Kind::hexadecimal ? "0x%llx" : "%llu", static_cast<unsigned long long>(v.number));
    return text;
}

void print_text(const EventRow& row, std::ostream& out) {
    char head[64];
    std::snprintf(head, sizeof head, "%14llu cpu%u ", static_cast<unsigned long long>(row.time), row.cpu);
    out << head << mm::trace::kind_of(row.id).name << ':';
    for (const auto& [name, value] : row.fields) out << ' ' << name << '=' << text_of(value);
    out << '\n';
}

void print_json(const EventRow& row, std::ostream& out) {
    nlohmann::ordered_json object{{"time", row.time}, {"cpu", row.cpu}, {"event", mm::trace::kind_of(row.id).name}};
    for (const auto& [name, value] : row.fields) {
        if (value.kind == FieldValue::Kind::text) object[name] = value.text;
        else object[name] = value.number;
    }
    // Names come from the guest: bytes that are no UTF-8 are replaced, not thrown at the user.
    out << object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
}

// "function=switch_mm+0x1f" behind the event's own fields.
void name_function(EventRow& row, const Symbols& symbols) {
    if (symbols.empty()) return;
    for (const auto& [name, value] : row.fields)
        if (std::string_view{name} == "ip") {
            if (std::string function = symbols.at(static_cast<uint32_t>(value.number)); !function.empty()) {
                FieldValue field{};
                field.kind = FieldValue::Kind::text, field.text = std::move(function);
                row.fields.emplace_back("function", field);
            }
            return;
        }
}

void check_filter(const RunInfo& run, const DumpFilter& filter) {
    std::vector<std::string> events, zones;
    for (const auto& kind : mm::trace::kinds) events.push_back(kind.name);
    for (const std::string& e : filter.events) (void)parse_choice(e, "--event", events);
    for (const ZoneInfo& z : run.zones) zones.push_back(z.name);
    zones.push_back("other");
    if (!filter.zone.empty()) (void)parse_choice(filter.zone, "--zone", zones);
    if (filter.from > filter.to) throw InputError{"--from", "must not be later than --to"};
}

}  // namespace

void dump(Trace& trace, const DumpFilter& filter, bool json, std::ostream& out) {
    check_filter(trace.run(), filter);
    const RowMaker rows{trace.run()};
    const Wanted wanted = wanted_events(filter.events);
    std::vector<Cursor> cursors;
    for (Stream& stream : trace.streams()) cursors.emplace_back(stream, rows, filter, wanted);
    for (uint64_t printed = 0; printed < filter.limit; ++printed) {
        Cursor* earliest = nullptr;
        for (Cursor& c : cursors)
            if (!c.done() && (!earliest || c.row().time < earliest->row().time)) earliest = &c;
        if (!earliest) return;
        EventRow row = earliest->row();
        name_function(row, filter.symbols);
        json ? print_json(row, out) : print_text(row, out);
        if (!out) return;
        earliest->advance();
    }
}

void add_dump(CLI::App& app, Verb& chosen) {
    struct Options {
        std::string directory, events, symbols;
        DumpFilter filter;
        bool json = false;
    };
    CLI::App* verb = app.add_subcommand("dump", "Print a trace's events, one a line");
    auto o = std::make_shared<Options>();
    verb->add_option("DIR", o->directory, "Trace directory")->required();
    verb->add_option("--from", o->filter.from, "First time to print, in ticks")->type_name("T")->check(whole_number());
    verb->add_option("--to", o->filter.to, "Last time to print, in ticks")->type_name("T")->check(whole_number());
    verb->add_option("--event", o->events, "Only events of these kinds, such as model_walk,cr3_write")->type_name("E[,E...]");
    verb->add_option("--zone", o->filter.zone, "Only walks that end in this zone, such as HIGHMEM or other")->type_name("Z");
    verb->add_option("--limit", o->filter.limit, "Stop after this many lines")->type_name("N")->check(whole_number());
    verb->add_option("--symbols", o->symbols, "Name the functions of instructions, from the guest's ELF file or System.map")->type_name("FILE");
    verb->add_flag("--json", o->json, "Print a JSON object a line");
    verb->callback([=, &chosen] {
        chosen = [=] {
            std::vector<std::string> names;
            for (const auto& kind : mm::trace::kinds) names.push_back(kind.name);
            if (!o->events.empty()) o->filter.events = parse_list(o->events, "--event", names);
            if (!o->symbols.empty()) o->filter.symbols = symbols_in(o->symbols);
            Trace trace{o->directory};
            if (isatty(STDOUT_FILENO) == 0) trace.show_progress();
            {
                const Pager pager;
                dump(trace, o->filter, o->json, std::cout);
            }
            if (const std::string note = trace.incomplete_note(); !note.empty()) std::cerr << "zonescope: " << note << '\n';
            return Status::done;
        };
    });
}

}  // namespace tools
