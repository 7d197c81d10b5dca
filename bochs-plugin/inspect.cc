// SPDX-License-Identifier: LGPL-2.1-or-later
// TLB contents and places. Walks are in inspect_walk.cc.
#include "inspect.h"

#include "cpu_state.h"
#include "zone_words.h"

namespace plugin {

using namespace mm;

using Level = MmuModel::Level;

MmuContents inspect_mmu(const CpuState& cpu, unsigned profile) {
    const MmuModel& model = cpu.models()[profile];
    const MmuGeometry& g = model.geometry();
    const unsigned large_shift = cpu.models().shared().large_shift();
    MmuContents contents;
    contents.profile = g.profile;
    model.each_level([&](Level level, const LevelTlbs& tlbs) {
        tlbs.each_tlb([&](const Tlb& tlb, bool large_only) {
            TlbContents t;
            t.level = level;
            t.pages = large_only ? TlbPages::large : tlbs.shared() ? TlbPages::both : TlbPages::small;
            t.name = tlb_name(g, level, t.pages, large_shift).text;
            t.geometry = tlb.geometry();
            tlb.each_valid([&](const TlbEntry& e) {
                const unsigned place = tlb.index(e), shift = e.large ? large_shift : page_shift;
                t.entries.push_back({place / t.geometry.ways, place % t.geometry.ways, VirtAddr{e.page << shift}, shift, e.frame, e.permissions,
                                     e.fragment, tlbs.last_use(e)});
            });
            contents.tlbs.push_back(std::move(t));
        });
    });
    contents.pde_geometry = model.pde_cache().geometry();
    model.pde_cache().each_valid([&](unsigned place, const TlbEntry& e, uint64_t value) {
        const unsigned ways = contents.pde_geometry.ways;
        contents.pde_cache.push_back({place / ways, place % ways, VirtAddr{e.page << large_shift}, large_shift, value, e.used});
    });
    return contents;
}

size_t zone_number(const RunInfo& info, Pfn frame) {
    const bool hole = frame.raw >= pc_hole_start && frame.raw < pc_hole_end;
    size_t n = hole ? info.zones.size() : 0;
    while (n < info.zones.size() && !(info.zones[n].start_pfn <= frame.raw && frame.raw < info.zones[n].end_pfn)) ++n;
    return n;
}

size_t region_number(const RunInfo& info, uint64_t linear, bool user) {
    const size_t none = info.regions.size();
    size_t of_the_others = none;
    for (size_t n = 0; n < none; ++n) {
        const RunInfo::Region& r = info.regions[n];
        if (linear < r.start || linear >= r.end) continue;
        if ((r.name == "user") == user) return n;
        if (of_the_others == none) of_the_others = n;
    }
    return of_the_others;
}

}  // namespace plugin
