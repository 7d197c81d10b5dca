// SPDX-License-Identifier: LGPL-2.1-or-later
// TLBs, walks and frames. Tables of places are in debug_view_places.cc.
#include "debug_view.h"

#include <algorithm>

#include "cpu_state.h"

namespace plugin {

using namespace mm;

namespace {

constexpr const char* mode_names[] = {"no paging", "classic paging", "PAE paging", "64-bit paging"};

std::string geometry_words(const TlbGeometry& g) {
    const std::string shape = g.ways == g.entries ? "fully associative" : std::to_string(g.sets()) + " sets of " + std::to_string(g.ways) + " ways";
    return plural(g.entries, "entry") + ", " + shape + ", " + name(g.replacement);
}

std::string title(const std::string& name, const TlbGeometry& g, size_t used) {
    return name + ": " + geometry_words(g) + "; " + (used ? grouped(used) + " in use" : "empty");
}

}  // namespace

std::vector<std::string> DebugView::row(const CachedTranslation& e, bool no_execute) const {
    return {std::to_string(e.set), std::to_string(e.way), hex(e.linear.raw, 8), e.fragment ? bytes_text(uint64_t{1} << e.shift) + " of a large page" : bytes_text(uint64_t{1} << e.shift),
            hex(e.frame.raw), zone_of(info_, e.frame), rights(e.permissions, no_execute), region_of(info_, e.linear.raw, e.permissions.user)};
}

Lines DebugView::tlbs(unsigned cpu, unsigned profile) const {
    const CpuState& state = session_.cpu(cpu);
    const MmuContents m = inspect_mmu(state, profile);
    Lines lines{"profile " + m.profile + ", CPU " + std::to_string(cpu)};
    const auto add = [&](const std::vector<std::vector<std::string>>& rows) {
        if (rows.size() == 1) return;
        const Lines table = aligned(rows);
        lines.insert(lines.end(), table.begin(), table.end());
    };
    for (const TlbContents& t : m.tlbs) {
        lines.push_back(title(t.name, t.geometry, t.entries.size()));
        std::vector<std::vector<std::string>> rows{{"set ", "way ", "page", "size ", "frame ", "zone", "rights", "region"}};
        for (const CachedTranslation& e : t.entries) rows.push_back(row(e, state.state().control.no_execute()));
        add(rows);
    }
    if (m.pde_geometry.exists()) {
        lines.push_back(title("directory entries", m.pde_geometry, m.pde_cache.size()));
        std::vector<std::vector<std::string>> rows{{"set ", "way ", "from", "size ", "PDE "}};
        for (const CachedDirectoryEntry& e : m.pde_cache)
            rows.push_back({std::to_string(e.set), std::to_string(e.way), hex(e.linear.raw, 8), bytes_text(uint64_t{1} << e.shift), hex(e.value)});
        add(rows);
    }
    return lines;
}

// Where the models have it.
void DebugView::add_cached_places(Lines& lines, unsigned cpu, uint32_t linear) const {
    for (unsigned n = 0; n < info_.profiles.size(); ++n) {
        std::string places;
        for (const TlbContents& t : inspect_mmu(session_.cpu(cpu), n).tlbs)
            for (const CachedTranslation& e : t.entries)
                if ((linear ^ e.linear.raw) >> e.shift == 0)
                    places += (places.empty() ? "" : "; ") + t.name + ", set " + std::to_string(e.set) + " way " + std::to_string(e.way) + ", frame " + hex(e.frame.raw);
        lines.push_back("  cached in " + info_.profiles[n] + ": " + (places.empty() ? "no" : places));
    }
}

Lines DebugView::walk(unsigned cpu, const trace::State& registers, uint64_t linear, bool user) const {
    const WalkInspection w = inspect_walk(session_.machine(cpu), registers, linear);
    Lines lines{place(info_, names_, w.linear, user) + ": " + mode_names[static_cast<unsigned>(w.mode)] + ", CR3 " + hex(w.cr3, 8)};
    std::vector<std::vector<std::string>> rows{{"entry", "index ", "at", "value ", "meaning"}};
    for (const WalkStep& s : w.steps) {
        std::string meaning = entry_words(s, w.mode);
        if (s.in_register) meaning += " (register)";
        if (s.in_register && s.in_memory != s.value) meaning += "; memory has " + hex(s.in_memory) + ": CR3 was not loaded since";
        if (s.kind != MemoryKind::ram) meaning += s.kind == MemoryKind::rom ? "; in ROM" : s.kind == MemoryKind::device ? "; in a device's memory" : "; where no memory is";
        rows.push_back({entry_name(s.table), std::to_string(s.index), hex(s.at.raw, 8), hex(s.value), meaning});
    }
    if (rows.size() > 1) {
        const Lines table = aligned(rows);
        lines.insert(lines.end(), table.begin(), table.end());
    }
    const Translation& t = w.translation;
    const uint64_t offset = w.linear & page_mask;
    if (t.status == WalkStatus::reserved_bit) lines.push_back("  no translation: a reserved bit is set");
    else if (!t.mapped()) lines.push_back("  no translation: an entry is not present");
    else lines.push_back("  physical " + hex(address(t.frame).raw + offset, 8) + ": " + frame_place(info_, t.frame) +
                    (w.mode == PagingMode::none ? "" : ", page of " + bytes_text(uint64_t{1} << t.shift) + ", " + rights(t.permissions, registers.control.no_execute())));
    if (registers.control.narrow_paging()) add_cached_places(lines, cpu, static_cast<uint32_t>(w.linear));
    return lines;
}

Lines DebugView::who(Pfn frame, const std::vector<AddressSpace>& spaces, const Machine& machine) const {
    const FrameUses uses = who_maps(machine, spaces, frame);
    Lines lines{frame_place(info_, frame) + ": " + (uses.mappings.empty() ? "no page table that was searched maps it" : plural(uses.mappings.size(), "mapping"))};
    std::vector<std::vector<std::string>> rows{{"page", "size ", "rights", "region", "CR3", "who"}};
    for (const FrameMapping& m : uses.mappings) {
        const AddressSpace& s = spaces[m.space];
        std::string who = s.loaded ? "loaded now" : "";
        for (const std::string& task : s.tasks) who += (who.empty() ? "" : ", ") + task;
        rows.push_back({hex(m.linear, 8), bytes_text(uint64_t{1} << m.shift), rights(m.permissions, s.registers.control.no_execute()),
                        region_of(info_, m.linear, m.permissions.user), hex(uint64_t{s.registers.cr3_high} << 32 | s.registers.control.cr3, 8), who});
    }
    if (rows.size() > 1) {
        const Lines table = aligned(rows);
        lines.insert(lines.end(), table.begin(), table.end());
    }
    const size_t loaded = static_cast<size_t>(std::count_if(spaces.begin(), spaces.end(), [](const AddressSpace& s) { return s.loaded; }));
    lines.push_back("  searched: " + plural(spaces.size(), "address space") + ", " + std::to_string(loaded) + " loaded now; others are known if their CR3 was loaded while this recording listened");
    if (uses.cut) lines.push_back("  there may be more: the tables were too many to search all of them");
    return lines;
}

}  // namespace plugin
