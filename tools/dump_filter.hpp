// SPDX-License-Identifier: LGPL-2.1-or-later
// Which events `dump` prints: those that pass every filter that was given.
#pragma once

#include <stdint.h>

#include <array>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include "event_row.hpp"
#include "mm/trace_codec.hpp"
#include "shares.hpp"
#include "symbols.hpp"

namespace tools {

struct DumpFilter {
    uint64_t from = 0, to = UINT64_MAX;          // ticks, inclusive
    std::vector<std::string> events;             // names; empty: all
    std::string zone;                            // only events that translate to this zone; empty: all
    std::string region;                          // only events about an address in this region; empty: all
    std::string task;                            // only while this task ran: its pid or its name; of other guests: CR3; empty: all
    std::string symbol;                          // only what instructions of this function did; empty: all
    uint64_t limit = UINT64_MAX;                 // lines
    Symbols symbols;                             // of the guest: `symbol` is one of these
    bool name_functions = false;                 // whether they are printed

    // Who runs, and who walks, is told by events that may lie anywhere before.
    [[nodiscard]] bool needs_past() const { return !task.empty() || !symbol.empty() || name_functions; }
};

// What the events of one stream before the next say of it.
class Running final {
public:
    explicit Running(bool tasks_told) : tasks_told_{tasks_told} {}

    // Before the event is looked at, and after.
    template <class Event>
    void before(const Event& e) {
        if constexpr (std::is_same_v<Event, mm::trace::Instruction>) walker_ = e.ip, walker_known_ = true;
        if constexpr (std::is_same_v<Event, mm::trace::Task>) pid_ = std::to_string(e.pid), name_ = e.name;
    }
    void after(const mm::trace::State& state) {
        if (tasks_told_) return;
        const uint64_t root = address_space_of(state);
        if (root != root_ || name_.empty()) root_ = root, name_ = address_space_name(root), pid_.clear();
    }

    friend bool operator==(const Running&, const Running&) = default;
    // While paging is off, "other" as well: so stat calls the sum of that.
    [[nodiscard]] bool is(const std::string& task) const { return name_ == task || pid_ == task || (task == "other" && paging_off()); }
    // "sh (12)", "cr3 00101000", "paging off"; empty while nobody is known.
    [[nodiscard]] std::string task() const { return pid_.empty() ? name_ : name_ + " (" + pid_ + ")"; }
    // Gives a walk's row the instruction that made it.
    void add_walker(EventRow& row) const {
        if (walker_known_ && (row.id == mm::trace::EventId::model_walk || row.id == mm::trace::EventId::profile_walk || row.id == mm::trace::EventId::observed_walk)) row.ip = walker_;
    }

private:
    [[nodiscard]] bool paging_off() const { return !tasks_told_ && root_ == 0 && !name_.empty(); }

    bool tasks_told_;
    bool walker_known_ = false;
    uint32_t walker_ = 0;
    uint64_t root_ = 0;
    std::string pid_, name_;
};

class EventFilter final {
public:
    // Throws InputError, with the known ones, if the filter names an event, a zone, a region or a function that the recording does not have.
    EventFilter(const RunInfo& run, const DumpFilter& filter);

    [[nodiscard]] bool passes(const EventRow& row, const Running& running);
    // Whether events of this kind can pass at all.
    [[nodiscard]] bool wants(mm::trace::EventId id) const { return wanted_[static_cast<size_t>(id)]; }
    // After the last event. Throws InputError, with those that ran, if the task never did.
    void finish() const;

private:
    const DumpFilter& filter_;
    std::array<bool, mm::trace::event_kinds> wanted_{};
    std::vector<bool> functions_;      // by number; empty: all
    bool task_seen_ = false;
    std::set<std::string> tasks_;      // that ran, as many as a message has room for
};

}  // namespace tools
