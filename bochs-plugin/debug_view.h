// SPDX-License-Identifier: LGPL-2.1-or-later
// What the debugger's commands show, as lines of text: inspect.h's answers, and what was counted, with names.
#pragma once

#include "address_spaces.h"
#include "debug_text.h"
#include "place_counts.h"
#include "session.h"

namespace plugin {

using Lines = std::vector<std::string>;

class DebugView {
public:
    DebugView(const Session& session, const DebugNames& names) : session_{session}, info_{session.info()}, names_{names} {}

    Lines tlbs(unsigned cpu, unsigned profile) const;
    // With these registers. `user`: whose address it is, where both have the same.
    Lines walk(unsigned cpu, const mm::trace::State&, uint64_t linear, bool user) const;
    Lines who(mm::Pfn frame, const std::vector<AddressSpace>&, const Machine&) const;
    Lines zones(const PlaceCounts&) const;
    Lines regions(const PlaceCounts&) const;
    Lines spans() const;
    // `sites`: the first use at each.
    Lines stale(const std::vector<mm::trace::Stale>& sites) const;

private:
    std::vector<std::string> row(const CachedTranslation&, bool no_execute) const;
    void add_cached_places(Lines&, unsigned cpu, uint32_t linear) const;
    std::vector<std::string> with_counts(std::vector<std::string> row, const PlaceCounts::Counts&) const;
    std::vector<std::string> headings(std::vector<std::string> first) const;

    const Session& session_;
    const RunInfo& info_;
    const DebugNames& names_;
};

}  // namespace plugin
