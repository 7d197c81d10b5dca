// SPDX-License-Identifier: LGPL-2.1-or-later
// Zones, regions, spans and reports of missing flushes.
#include "cpu_state.h"
#include "debug_view.h"

namespace plugin {

using namespace mm;

std::vector<std::string> DebugView::headings(std::vector<std::string> first) const {
    for (const std::string& profile : info_.profiles) first.push_back("walks " + profile + " ");
    first.push_back("Bochs' fills ");
    return first;
}

std::vector<std::string> DebugView::with_counts(std::vector<std::string> row, const PlaceCounts::Counts& c) const {
    for (size_t n = 0; n < info_.profiles.size(); ++n) row.push_back(grouped(c.walks[n]));
    row.push_back(grouped(c.fills));
    return row;
}

Lines DebugView::zones(const PlaceCounts& counts) const {
    if (info_.zones.empty()) return {"the guest has published no zones so far"};
    std::vector<std::vector<std::string>> rows{headings({"zone", "node ", "from ", "to ", "pages ", "size "})};
    for (size_t n = 0; n < info_.zones.size(); ++n) {
        const RunInfo::Zone& z = info_.zones[n];
        rows.push_back(with_counts({z.name, std::to_string(z.node), hex(z.start_pfn), hex(z.end_pfn), grouped(z.present_pages), bytes_text(uint64_t{z.present_pages} << page_shift)},
                                   counts.zone(n)));
    }
    rows.push_back(with_counts({no_place, "", "", "", "", ""}, counts.zone(info_.zones.size())));
    return aligned(rows);
}

Lines DebugView::regions(const PlaceCounts& counts) const {
    if (info_.regions.empty()) return {"the guest has published no regions so far"};
    std::vector<std::vector<std::string>> rows{headings({"region", "from ", "to ", "size "})};
    for (size_t n = 0; n < info_.regions.size(); ++n) {
        const RunInfo::Region& r = info_.regions[n];
        rows.push_back(with_counts({r.name, hex(r.start, 8), hex(r.end, 8), bytes_text(r.end - r.start)}, counts.region(n)));
    }
    rows.push_back(with_counts({no_place, "", "", ""}, counts.region(info_.regions.size())));
    return aligned(rows);
}

Lines DebugView::spans() const {
    Lines lines;
    for (unsigned cpu = 0; cpu < session_.cpus(); ++cpu) {
        std::string indent = "  ";
        for (const Session::SpanNow& s : session_.open_spans(cpu)) {
            const std::string named = *s.name ? s.name : "span " + std::to_string(s.id);
            lines.push_back(indent + named + (session_.cpus() > 1 ? " (CPU " + std::to_string(cpu) + ")" : ""));
            indent += "  ";
        }
    }
    return lines.empty() ? Lines{"no span is open"} : lines;
}

Lines DebugView::stale(const std::vector<trace::Stale>& sites) const {
    if (info_.stale.mode == "off") return {"missing flushes are not searched for (stale=off)"};
    Lines lines{sites.empty() ? "no use of a stale translation so far" : plural(sites.size(), "site") + " that miss a flush"};
    if (sites.size() == 1) lines[0] = "1 site that misses a flush";
    for (const trace::Stale& e : sites) {
        lines.push_back("  " + std::string{name(e.kind)} + ": " + access_noun(e.access.kind) + " of " + place(info_, names_, e.linear.raw, e.access.user) + " by " +
                        place(info_, names_, e.ip, e.access.user) + "; " + plural(session_.stale_sites().uses(e.site), "use"));
        lines.push_back("    it may go to " + frame_place(info_, e.old_frame) + (e.mapped ? "; mapped is " + frame_place(info_, e.new_frame) : "; nothing is mapped"));
        lines.push_back("    " + std::string{name(e.level)} + " at physical " + hex(e.change.entry_at.raw) + ": " + hex(e.change.old_entry) + " became " + hex(e.change.new_entry) +
                        " at tick " + grouped(e.change.ticks) + ", by " + place(info_, names_, e.change.ip, false));
    }
    return lines;
}

}  // namespace plugin
