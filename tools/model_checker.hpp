// SPDX-License-Identifier: LGPL-2.1-or-later
// What one CPU's modelled TLBs must keep, whatever they model: each lookup is a hit or a miss at every level, each miss a hit
// of the second level or a walk, each walk has one cause, and no profile sees other lookups than the rest.
#pragma once

#include <string>
#include <vector>

#include "mm/mmu_geometry.hpp"
#include "mm/trace_events.hpp"

namespace tools {

class ModelChecker final {
public:
    // The recording's profiles in their order. Of one that is not built in, the geometry is not known, and nothing follows from it.
    explicit ModelChecker(const std::vector<std::string>& profiles);

    // Each result is empty, or what is wrong.
    [[nodiscard]] std::string take(const mm::trace::ModelWalk& e);
    [[nodiscard]] std::string take(const mm::trace::Flush& e) const;
    [[nodiscard]] std::string take(const mm::trace::SecondHits& e);
    [[nodiscard]] std::string take(const mm::trace::References& e);
    [[nodiscard]] std::string take(const mm::trace::Counters& e);

    // The last counters, and the walks that the events add up to.
    [[nodiscard]] const mm::trace::Counters& counters(size_t profile) const { return models_[profile].last; }
    [[nodiscard]] uint64_t instruction_walks(size_t profile) const { return models_[profile].instruction_walks; }
    [[nodiscard]] uint64_t data_walks(size_t profile) const { return models_[profile].data_walks; }

private:
    struct Model {
        const mm::MmuGeometry* geometry;  // nullptr: not built in
        mm::trace::Counters last{};
        uint64_t instruction_walks{}, data_walks{}, second_hits{};
    };
    [[nodiscard]] static std::string check_side(const char* side, const mm::LookupCounts& now, const mm::LookupCounts& before, bool second_level);
    [[nodiscard]] std::string check_lookups(const mm::trace::Counters& e) const;

    std::vector<Model> models_;
    mm::trace::Counters newest_{};                              // of any profile
    uint64_t referenced_fetches_{}, referenced_data_{};         // lookups of `references` events
};

}  // namespace tools
