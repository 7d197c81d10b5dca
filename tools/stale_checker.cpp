// SPDX-License-Identifier: LGPL-2.1-or-later
// Checks stale and stale_uses events.
#include "stale_checker.hpp"

namespace tools {
namespace {

namespace trace = mm::trace;
using mm::EntryWriter;

// What can be said of a report from itself.
std::string impossible(const trace::Stale& e, const mm::Control& c) {
    if (!c.narrow_paging()) return "stale: while 32-bit paging is off";
    const bool pae = c.mode() == mm::PagingMode::pae;
    const uint64_t frames = uint64_t{1} << (c.physical_bits - mm::page_shift);
    if (e.old_frame.raw >= frames || e.new_frame.raw >= frames) return "stale: a frame is beyond the CPU's physical addresses";
    if (!e.mapped && e.new_frame.raw) return "stale: a frame where nothing is mapped";
    if (e.level == mm::TableLevel::pdpte && !pae && e.kind != mm::StaleKind::freed_table_used) return "stale: a PDPTE without PAE";
    if (e.kind == mm::StaleKind::pdpte_not_loaded && e.level != mm::TableLevel::pdpte) return "stale: pdpte_not_loaded, but another level's entry";
    if (e.large && !c.large_pages()) return "stale: a large page while there are none";
    if (e.global && !c.global_pages()) return "stale: a global page while there are none";
    if (e.change.entry_at.raw % (pae ? 8 : 4)) return "stale: the entry is not at an entry's address";
    if (e.change.entry_at.raw >> c.physical_bits) return "stale: the entry is beyond the CPU's physical addresses";
    if (!pae && (e.change.old_entry >> 32 || e.change.new_entry >> 32)) return "stale: an entry of more than 32 bits without PAE";
    return {};
}

}  // namespace

std::string StaleChecker::take(uint64_t time, unsigned cpu, const trace::Stale& e, const trace::State& state) {
    if (cpu != cpu_) cpu_ = cpu, last_site_ = -1;
    Site& site = sites_[e.site];
    if (run_.cpus == 1 && (site.reported || e.site != last_site_ + 1)) return "stale: sites are not numbered in order";
    last_site_ = e.site;
    site.reported = true;
    if (time >= site.said) site.said = time, site.uses = 1;
    if (e.change.ticks > time) return "stale: the entry was changed after this use";
    if (e.cached.ticks > time) return "stale: the translation was cached after this use";
    if (e.change.how == EntryWriter::instruction && e.change.cpu != cpu) return "stale: changed by this CPU, but another is named";
    if (e.change.how == EntryWriter::other_cpu && (e.change.cpu == cpu || e.change.cpu >= run_.cpus)) return "stale: changed by another CPU, but none is named";
    if (e.profiles >> run_.profiles.size()) return "stale: a profile that the recording does not have";
    return impossible(e, state.control);
}

std::string StaleChecker::take(uint64_t time, const trace::StaleUses& e) {
    Site& site = sites_[e.site];
    if (run_.cpus == 1 && !site.reported) return "stale_uses: of a site that was not reported";
    if (run_.cpus == 1 && e.uses <= site.uses) return "stale_uses: the count does not grow";
    if (time >= site.said) site.said = time, site.uses = e.uses;
    return {};
}

std::string StaleChecker::finish() const {
    if (!run_.complete) return {};
    unsigned next = 0;
    uint64_t sum = 0, with_uses = 0;
    for (const auto& [number, site] : sites_) {
        if (!site.reported) return "stale_uses: of a site that was not reported";
        if (number != next++) return "stale: site " + std::to_string(next - 1) + " was not reported";
        sum += site.uses, with_uses += site.uses != 0;
    }
    if (!run_.stale) return {};
    const StaleInfo& said = *run_.stale;
    if (said.mode == "off" && !sites_.empty()) return "stale: in a recording with stale off";
    if (said.sites != with_uses) return "stale: run.json says " + std::to_string(said.sites) + " sites, but " + std::to_string(with_uses) + " are reported";
    if (said.unfollowed == 0 && said.uses != sum) return "stale: run.json says " + std::to_string(said.uses) + " uses, but the events say " + std::to_string(sum);
    return {};
}

}  // namespace tools
