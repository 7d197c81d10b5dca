// SPDX-License-Identifier: LGPL-2.1-or-later
// One event as named values, with what follows from it (entry addresses, frame, zone, region): what `dump` prints.
#pragma once

#include <stdint.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "address_map.hpp"
#include "mm/trace_codec.hpp"
#include "run_info.hpp"

namespace tools {

struct FieldValue {
    enum class Kind : uint8_t { decimal, hexadecimal, text } kind;
    uint64_t number{};
    std::string text;
};

struct EventRow {
    uint64_t time{};  // ticks
    unsigned cpu{};
    mm::trace::EventId id{};
    std::string zone;    // of the translated frame; empty if the event translates nothing
    std::string region;  // of the event's linear address; empty if it has none
    std::optional<uint64_t> ip;  // the instruction's linear address, if the event tells it
    std::vector<std::pair<const char*, FieldValue>> fields;
};

// Makes rows out of the events of one recording.
class RowMaker final {
public:
    explicit RowMaker(const RunInfo& run) : run_{run}, zones_{run.zones}, regions_{run.regions} {}

    // `state`: the registers in force after the event.
    template <class Event>
    [[nodiscard]] EventRow make(uint64_t time, unsigned cpu, const Event& event, const mm::trace::State& state) const {
        EventRow row{time, cpu, {}, {}, {}, {}, {}};
        fill(row, event, state);
        return row;
    }

private:
    void fill(EventRow&, const mm::trace::State&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::ControlWrite&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::TaskSwitch&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::InvalidatePage&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::InvalidatePcid&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::PdpteLoad&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::ObservedWalk&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::ModelWalk&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::PageFault&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::Flush&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::Interrupt&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::InterruptReturn&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::SpanName&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::SpanEdge&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::Mark&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::Counters&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::SecondHits&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::FastCall&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::References&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::Stale&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::StaleUses&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::EntryWrite&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::Instruction&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::Task&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::LongWalkRecord&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::LongPageFault&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::LongInvalidatePage&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::LongRoot&, const mm::trace::State&) const;
    void fill(EventRow&, const mm::trace::LongInvalidatePcid&, const mm::trace::State&) const;
    [[nodiscard]] std::string long_region_name(uint64_t linear) const;

    void add_walk(EventRow& row, const mm::trace::WalkRecord& walk, const mm::trace::State& state) const;
    [[nodiscard]] std::string zone_name(mm::Pfn frame) const;
    [[nodiscard]] std::string region_name(mm::VirtAddr a, bool user_access) const;
    [[nodiscard]] std::string span_name(unsigned id) const;
    [[nodiscard]] std::string profile_name(unsigned number) const;
    [[nodiscard]] std::string profile_names(uint16_t mask) const;

    const RunInfo& run_;
    ZoneMap zones_;
    RegionMap regions_;
};

}  // namespace tools
