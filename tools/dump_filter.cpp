// SPDX-License-Identifier: LGPL-2.1-or-later
// Decides which events are printed.
#include "dump_filter.hpp"

#include <algorithm>

#include "command_line.hpp"
#include "error.hpp"

namespace tools {
namespace {

constexpr size_t most_named = 12;  // in a message

template <class Infos>
std::vector<std::string> names_of(const Infos& infos) {
    std::vector<std::string> names;
    for (const auto& i : infos) names.push_back(i.name);
    return names;
}

// The functions of that name, by number.
std::vector<bool> functions_named(const Symbols& symbols, const std::string& name) {
    if (symbols.empty()) throw InputError{"--symbol " + name, "the guest's functions are not known; give its ELF file or its System.map with --symbols"};
    std::vector<bool> found(symbols.count());
    for (const size_t function : symbols.named(name)) found[function] = true;
    if (std::find(found.begin(), found.end(), true) != found.end()) return found;
    const std::vector<std::string> similar = symbols.similar_to(name, most_named);
    throw InputError{"--symbol " + name, similar.empty() ? "no function is called so; `zonescope stat` lists those that did something" : "no function is called so; there are " + join(similar)};
}

}  // namespace

EventFilter::EventFilter(const RunInfo& run, const DumpFilter& filter) : filter_{filter} {
    const std::vector<std::string> events = names_of(mm::trace::kinds);
    for (const std::string& e : filter.events) (void)parse_choice(e, "--event", events);
    for (const auto& kind : mm::trace::kinds)
        wanted_[static_cast<size_t>(kind.id)] = filter.events.empty() || std::find(filter.events.begin(), filter.events.end(), kind.name) != filter.events.end();
    const auto check = [](const std::string& name, const char* option, std::vector<std::string> known) {
        known.push_back("other");
        if (!name.empty()) (void)parse_choice(name, option, known);
    };
    check(filter.zone, "--zone", names_of(run.zones));
    check(filter.region, "--region", names_of(run.regions));
    if (!filter.symbol.empty()) functions_ = functions_named(filter.symbols, filter.symbol);
}

bool EventFilter::passes(const EventRow& row, const Running& running) {
    if (!filter_.task.empty()) {
        if (running.is(filter_.task)) task_seen_ = true;
        else {
            if (tasks_.size() < most_named && !task_seen_)
                if (std::string task = running.task(); !task.empty()) tasks_.insert(std::move(task));
            return false;
        }
    }
    if (!wanted_[static_cast<size_t>(row.id)]) return false;
    if (!filter_.zone.empty() && row.zone != filter_.zone) return false;
    if (!filter_.region.empty() && row.region != filter_.region) return false;
    if (functions_.empty()) return true;
    if (!row.ip || *row.ip > UINT32_MAX) return false;
    const auto ip = static_cast<uint32_t>(*row.ip);
    size_t function = filter_.symbols.find(ip);
    if (function == Symbols::none) function = filter_.symbols.find(ip, true);
    return function != Symbols::none && functions_[function];
}

void EventFilter::finish() const {
    if (filter_.task.empty() || task_seen_) return;
    const std::vector<std::string> ran(tasks_.begin(), tasks_.end());
    const std::string more = "`zonescope stat` lists those of the whole recording";
    const bool limited = filter_.from != 0 || filter_.to != UINT64_MAX;
    if (ran.empty()) throw InputError{"--task " + filter_.task, std::string{"nothing tells which task ran"} + (limited ? " between --from and --to; " : "; ") + more};
    throw InputError{"--task " + filter_.task, "did not run; these did: " + join(ran) + (ran.size() == most_named ? ", ...; " + more : "")};
}

}  // namespace tools
