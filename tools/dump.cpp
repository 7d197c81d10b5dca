// SPDX-License-Identifier: LGPL-2.1-or-later
// The verb `dump`: a trace's events as text or JSON lines.
#include "dump.hpp"

#include <unistd.h>

#include <iostream>
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "command_line.hpp"
#include "common_options.hpp"
#include "event_text.hpp"
#include "pager.hpp"
#include "verbs.hpp"

namespace tools {
namespace {

// The next event of one stream that passes the filter.
class Cursor final {
public:
    Cursor(Stream& stream, const RunInfo& run, const RowMaker& rows, const DumpFilter& filter, EventFilter& events)
        : stream_{stream}, rows_{rows}, filter_{filter}, events_{events}, running_{run.tasks} { advance(); }

    [[nodiscard]] bool done() const { return done_; }
    [[nodiscard]] const EventRow& row() const { return row_; }

    void advance() {
        for (;;) {
            bool found = false;
            const bool event = in_packet_ && stream_.read_event([&](uint64_t time, const auto& e, const mm::trace::State& state) {
                if (time > filter_.to) return void(done_ = true);
                running_.before(e);
                if (time >= filter_.from) {
                    row_ = rows_.make(time, stream_.cpu(), e, state);
                    running_.add_walker(row_);
                    found = events_.passes(row_, running_);
                }
                running_.after(state);
            });
            if (found || done_) return;
            if (!event && !open_packet()) return void(done_ = true);
        }
    }

private:
    // Packets that end before the wanted time are passed over unread, unless they tell what matters later.
    bool open_packet() {
        std::optional<Packet> packet;
        do packet = stream_.next_packet(); while (packet && packet->header.end_ticks < filter_.from && !filter_.needs_past());
        if (packet) stream_.begin(*packet);
        return in_packet_ = packet.has_value();
    }

    Stream& stream_;
    const RowMaker& rows_;
    const DumpFilter& filter_;
    EventFilter& events_;
    Running running_;
    EventRow row_;
    bool in_packet_ = false, done_ = false;
};

void print_json(const EventRow& row, std::ostream& out) {
    nlohmann::ordered_json object{{"time", row.time}, {"cpu", row.cpu}, {"event", mm::trace::kind_of(row.id).name}};
    for (const auto& [name, value] : row.fields) {
        if (value.kind == FieldValue::Kind::text) object[name] = value.text;
        else object[name] = value.number;
    }
    // Names come from the guest: bytes that are no UTF-8 are replaced, not thrown at the user.
    out << object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
}

// "function=switch_mm+0x1f" behind the event's own fields; of a walk, the function that made it.
void name_function(EventRow& row, const Symbols& symbols) {
    if (!row.ip || *row.ip > UINT32_MAX) return;
    std::string function = symbols.at(static_cast<uint32_t>(*row.ip));
    if (function.empty()) return;
    FieldValue field{};
    field.kind = FieldValue::Kind::text, field.text = std::move(function);
    row.fields.emplace_back("function", field);
}

}  // namespace

void dump(Trace& trace, const DumpFilter& filter, bool json, std::ostream& out) {
    EventFilter events{trace.run(), filter};
    const RowMaker rows{trace.run()};
    std::vector<Cursor> cursors;
    for (Stream& stream : trace.streams()) cursors.emplace_back(stream, trace.run(), rows, filter, events);
    for (uint64_t printed = 0; printed < filter.limit; ++printed) {
        Cursor* earliest = nullptr;
        for (Cursor& c : cursors)
            if (!c.done() && (!earliest || c.row().time < earliest->row().time)) earliest = &c;
        if (!earliest) break;
        EventRow row = earliest->row();
        if (filter.name_functions) name_function(row, filter.symbols);
        if (json) print_json(row, out);
        else out << event_text(row) << '\n';
        if (!out) return;
        earliest->advance();
    }
    events.finish();
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
    verb->add_option("--region", o->filter.region, "Only events about an address in this region, such as pkmap, user or other")->type_name("R");
    verb->add_option("--task", o->filter.task, "Only while this task ran: its pid, its name, or as stat calls its address space")->type_name("NAME");
    verb->add_option("--symbol", o->filter.symbol, "Only what this function's instructions did")->type_name("FUNCTION");
    verb->add_option("--limit", o->filter.limit, "Stop after this many lines")->type_name("N")->check(whole_number());
    add_symbols_option(*verb, o->symbols);
    verb->add_flag("--json", o->json, "Print a JSON object a line");
    verb->callback([=, &chosen] {
        chosen = [=] {
            std::vector<std::string> names;
            for (const auto& kind : mm::trace::kinds) names.push_back(kind.name);
            if (!o->events.empty()) o->filter.events = parse_list(o->events, "--event", names);
            Trace trace{o->directory};
            o->filter.name_functions = !o->symbols.empty() || !o->filter.symbol.empty();
            if (o->filter.name_functions) o->filter.symbols = chosen_symbols(o->symbols, o->directory, trace.run());
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
