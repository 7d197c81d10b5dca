// SPDX-License-Identifier: LGPL-2.1-or-later
// From CR3 down, as far as it is known.
#include "tools/view/inspect.hpp"

#include "mm/tlb_name.hpp"
#include "tools/view/entry_fields.hpp"

namespace tools::view {
namespace {

namespace trace = mm::trace;

InspectedEntry in_register(std::string name, EntryKind kind, uint64_t value, unsigned width, unsigned physical_bits) {
    InspectedEntry e;
    e.name = std::move(name), e.value = value, e.width = width, e.note = "in a register";
    e.fields = entry_fields(kind, value, physical_bits);
    return e;
}

InspectedEntry in_memory(std::string name, EntryKind kind, mm::PhysAddr at, const KnownEntry* known, unsigned width, unsigned physical_bits) {
    InspectedEntry e;
    e.name = std::move(name), e.at = at, e.width = width;
    if (!known) return e.note = "not known yet: no walk has read it", e;
    e.value = known->value, e.seen = known->seen;
    if (known->changed) e.changed = known->changed;
    e.fields = entry_fields(kind, known->value, physical_bits);
    return e;
}

std::string words_of(mm::Permissions p) {
    return std::string{p.write ? "read and write" : "read only"} + (p.user ? ", programs too" : ", supervisor only") + (p.execute ? "" : ", no execution") + (p.global ? ", global" : "");
}

template <class F>
void walk_known(WalkInspection& w, const typename F::Root& root, const trace::State& s, const KnownEntries& entries) {
    constexpr bool pae = sizeof(typename F::Raw) == 8;
    constexpr unsigned width = 8 * sizeof(typename F::Raw);
    const unsigned bits = s.control.physical_bits;
    bool known = true;
    const mm::Walk<F> walk = mm::walk<F>(root, w.address, s.control, [&](mm::PhysAddr at) {
        const KnownEntry* const entry = known ? entries.find(at) : nullptr;
        known = entry != nullptr;
        return static_cast<typename F::Raw>(entry ? entry->value : 0);
    });
    if (walk.reads > 0) {
        const KnownEntry* const pde = entries.find(walk.pde_at);
        const bool large = pde && mm::leaf_directory_entry(mm::Entry<F>{static_cast<typename F::Raw>(pde->value)}, s.control);
        const EntryKind kind = pae ? (large ? EntryKind::pae_large_pde : EntryKind::pae_pde) : large ? EntryKind::large_pde : EntryKind::pde;
        w.entries.push_back(in_memory("PDE " + std::to_string(mm::directory_index<F>(w.address)), kind, walk.pde_at, pde, width, bits));
    }
    if (walk.reads > 1)
        w.entries.push_back(in_memory("PTE " + std::to_string(mm::table_index<F>(w.address)), pae ? EntryKind::pae_pte : EntryKind::pte, walk.pte_at,
                                      entries.find(walk.pte_at), width, bits));
    const mm::Translation& t = walk.translation;
    w.mapped = known && t.mapped();
    w.result = !known ? "not known yet" : t.mapped() ? "mapped" : t.status == mm::WalkStatus::reserved_bit ? "reserved bit set" : "not present";
    if (!w.mapped) return;
    w.frame = t.frame, w.page_bytes = uint64_t{1} << t.shift, w.permissions = words_of(t.permissions);
}

void find_cached(WalkInspection& w, const std::vector<TlbView>& tlbs, unsigned large_shift) {
    const uint32_t page = mm::page_of(w.address).raw, large_mask = (1u << (large_shift - mm::page_shift)) - 1;
    for (const TlbView& tlb : tlbs) {
        const bool directories = tlb.name == mm::pde_cache_name;
        for (unsigned n = 0; n < tlb.entries.size(); ++n) {
            const TlbEntryView& e = tlb.entries[n];
            if (!e.valid || (e.large || directories ? page & ~large_mask : page) != e.page) continue;
            const mm::Pfn frame{e.large ? e.frame + (page & large_mask) : e.frame};
            w.cached.push_back({tlb.name, n / tlb.ways, n % tlb.ways, e.filled, frame, directories || !w.mapped || frame == w.frame});
        }
    }
}

}  // namespace

WalkInspection inspect_address(mm::VirtAddr address, const trace::State& s, const KnownEntries& entries, const Recording& recording, const std::vector<TlbView>& tlbs) {
    WalkInspection w;
    w.address = address;
    const mm::Control& c = s.control;
    const unsigned bits = c.physical_bits;
    switch (c.mode()) {
    case mm::PagingMode::none: w.paging = "off", w.result = "paging is off"; break;
    case mm::PagingMode::long_mode: w.paging = "4-level paging", w.result = "not known: of long mode only Bochs' own walks are recorded"; break;
    case mm::PagingMode::classic:
        w.paging = "32-bit paging";
        w.entries.push_back(in_register("CR3", EntryKind::cr3, c.cr3, 32, bits));
        walk_known<mm::Classic>(w, {mm::PhysAddr{c.cr3 & 0xFFFFF000}}, s, entries);
        break;
    case mm::PagingMode::pae: {
        w.paging = "PAE paging";
        const unsigned n = mm::pdpte_index(address);
        w.entries.push_back(in_register("CR3", EntryKind::pae_cr3, c.cr3, 32, bits));
        w.entries.push_back(in_register("PDPTE " + std::to_string(n), EntryKind::pdpte, s.pdpte[n], 64, bits));
        w.entries.back().at = mm::PhysAddr{(c.cr3 & 0xFFFFFFE0) + 8 * n};
        walk_known<mm::Pae>(w, {{s.pdpte[0], s.pdpte[1], s.pdpte[2], s.pdpte[3]}}, s, entries);
        break;
    }
    }
    if (w.mapped) w.zone = recording.zone_name(recording.zones.of(w.frame));
    // At 4:4 both address spaces have the address: the one that runs is the kernel's if its entries are not for programs.
    const bool user = w.mapped && w.permissions.find("programs") != std::string::npos;
    w.region = recording.region_name(recording.regions.of(address, user));
    find_cached(w, tlbs, c.mode() == mm::PagingMode::pae ? mm::directory_shift<mm::Pae> : mm::directory_shift<mm::Classic>);
    return w;
}

}  // namespace tools::view
