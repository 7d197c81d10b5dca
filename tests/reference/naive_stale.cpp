// SPDX-License-Identifier: LGPL-2.1-or-later
// What may be held, and what is found in it at a lookup.
#include "naive_stale.hpp"

#include <algorithm>
#include <utility>

namespace reference {
namespace {

using namespace mm;

// Of an entry, what decides where an access goes and whether it may. A, and the available bits 11:9, never do; PAE has bits 62:52 reserved.
constexpr uint64_t place_bits = 0x7FFFFFFFFFFFF000 | entry_bit::page_size;
constexpr uint64_t table_bits = place_bits | entry_bit::present | entry_bit::writable | entry_bit::user | entry_bit::no_execute;
constexpr uint64_t leaf_bits = table_bits | entry_bit::write_through | entry_bit::cache_disable | entry_bit::global;

// Whether one value where the other was needs an invalidation. To allow more needs none (SDM vol. 3, 4.10.4.3).
bool needs_flush(uint64_t was, uint64_t is, bool leaf) {
    const uint64_t taken = was & ~is, given = is & ~was;
    if (taken & (entry_bit::present | entry_bit::writable | entry_bit::user)) return true;
    if (given & entry_bit::no_execute || (was ^ is) & place_bits) return true;
    return leaf && (taken & entry_bit::global || (was ^ is) & (entry_bit::write_through | entry_bit::cache_disable));
}

template <class Format>
View view_of(const typename Format::Root& root, VirtAddr a, const Control& c, const NaiveStale::Memory& load) {
    View v;
    const Walk<Format> w = walk<Format>(root, a, c, [&](PhysAddr at) {
        const std::optional<uint64_t> value = load(at);
        v.known &= value.has_value();
        return static_cast<typename Format::Raw>(value.value_or(0));
    });
    v.translation = w.translation, v.reads = w.reads;
    v.pde_at = w.pde_at, v.pte_at = w.pte_at, v.pde = w.pde.raw, v.pte = w.pte.raw;
    v.names_table = w.reads > 0 && names_table(w.pde, c);
    return v;
}

// What goes wrong if the access is served by `old` while the tables say `tables`. The worst comes first.
std::optional<StaleKind> harm(const Translation& old, Pfn old_frame, unsigned old_type, bool dirty_cleared, bool outlived, const View& tables, Access access, const Control& c) {
    if (!old.mapped() || !allows(old.permissions, access, c)) return {};  // a fault too many at most, and it takes the translation away
    const Translation& t = tables.translation;
    if (!t.mapped()) return StaleKind::present_cleared;
    if (!allows(t.permissions, access, c)) return StaleKind::permission_removed;
    if (t.frame != old_frame) return t.shift == old.shift ? StaleKind::frame_changed : StaleKind::page_size_changed;
    if (tables.memory_type() != old_type) return StaleKind::memory_type_changed;
    if (access.is_write() && dirty_cleared) return StaleKind::dirty_cleared;
    if (old.permissions.global && !t.permissions.global && outlived) return StaleKind::global_cleared;
    return {};
}

void add(std::vector<Finding>& list, Finding f, const View& tables) {
    f.mapped = tables.translation.mapped();
    f.new_frame = f.mapped ? tables.translation.frame : Pfn{};
    const auto known = std::find(list.begin(), list.end(), f);
    if (known == list.end()) list.push_back(f);
    else known->certain |= f.certain, known->blame_open |= f.blame_open, known->table_unseen |= f.table_unseen;
}

}  // namespace

bool operator==(const Finding& a, const Finding& b) {
    return a.kind == b.kind && a.level == b.level && a.entry_at == b.entry_at && a.old_frame == b.old_frame && a.through_directory == b.through_directory &&
           a.other_space == b.other_space && a.large == b.large && a.global == b.global;
}

unsigned View::memory_type() const {
    const unsigned pat = leaf() >> (large() ? 12 : 7) & 1;
    return pat << 2 | (leaf() & entry_bit::cache_disable ? 2 : 0) | (leaf() & entry_bit::write_through ? 1 : 0);
}

// --- walks

View NaiveStale::view(VirtAddr a, const trace::State& s, const Memory& load) {
    const Control& c = s.control;
    if (c.mode() == PagingMode::pae) return view_of<Pae>({{s.pdpte[0], s.pdpte[1], s.pdpte[2], s.pdpte[3]}}, a, c, load);
    return view_of<Classic>({PhysAddr{c.cr3 & 0xFFFFF000}}, a, c, load);
}

// As after a MOV to CR3 of its own value. CR3 bits 31:5 are the address of the four entries (SDM vol. 3, 4.4.1).
View NaiveStale::reloaded(VirtAddr a, const trace::State& s, PhysAddr& pdpte_at, bool& differs) const {
    const unsigned i = pdpte_index(a);
    pdpte_at = PhysAddr{(s.control.cr3 & 0xFFFFFFE0) + 8 * i};
    const std::optional<uint64_t> value = memory_(pdpte_at);
    differs = value && *value != s.pdpte[i];
    trace::State then = s;
    if (differs) then.pdpte[i] = *value;
    return now(a, then);
}

// The directory entry as it was cached, its table as memory has it.
View NaiveStale::through(const HeldDirectory& d, VirtAddr a, const trace::State& s) const {
    trace::State there = s;
    for (uint64_t& pdpte : there.pdpte) pdpte = entry_bit::present;
    bool first = true;
    return view(a, there, [&](PhysAddr at) { return std::exchange(first, false) ? std::optional{d.value} : memory_(at); });
}

// --- a lookup

NaiveStale::Outcome NaiveStale::look_up(VirtAddr a, Access access, const trace::State& s) {
    ++now_;
    const Outcome o = judge(a, access, s);
    const View tables = now(a, s);
    if (!tables.known) return o;
    if (access.is_write()) note_write(a, access, tables, s.control);
    if (!o.faults) hold(a, access, tables, s.control);
    // If no fault follows, something stale has served it; a walk that the processor made ahead may have read the directory.
    if (!o.faults || !o.findings.empty()) hold_directory(a, tables, s.control, !o.faults);
    return o;
}

NaiveStale::Outcome NaiveStale::judge(VirtAddr a, Access access, const trace::State& s) const {
    const Control& c = s.control;
    Outcome o;
    const View tables = now(a, s);
    if (!tables.known) return o.judged = false, o;
    o.faults = !tables.serves(access, c), o.open_to_user = tables.translation.permissions.user;

    if (const auto list = pages_.find(page_of(a).raw); list != pages_.end())
        for (const Held& h : list->second) check_held(h, a, access, tables, c, o);
    if (const auto list = large_pages_.find(slot_of(a, c)); list != large_pages_.end())
        for (const Held& h : list->second) check_held(h, a, access, tables, c, o);
    if (const auto list = directories_.find(slot_of(a, c)); list != directories_.end())
        for (const HeldDirectory& d : list->second) check_directory(d, a, access, tables, s, o);
    if (c.mode() == PagingMode::pae) check_pdpte(a, access, tables, s, o);
    return o;
}

// The level is that of the entry which was changed first; if none was, that of the translation's own. Where another entry maps the page
// now, D may be clear in it because it always was: software has cleared nothing, but what is written is not known to be.
void NaiveStale::check_held(const Held& h, VirtAddr a, Access access, const View& tables, const Control& c, Outcome& o) const {
    const View& v = h.view;
    const bool other_leaf = v.leaf_at() != tables.leaf_at();
    const bool open = other_leaf || h.since < cr3_loaded_ || (h.dirty && written_since(v.pde_at, *h.dirty));
    // When it ceased to be global is not its leaf's alone to say.
    const bool open_global = other_leaf || h.since < tables_changed_ || (!v.large() && written_since(v.pde_at, h.since));
    const auto kind_if = [&](bool dirty, bool global) { return harm(v.translation, h.frame_of(page_of(a)), v.memory_type(), dirty, global, tables, access, c); };
    const bool dirty = !open && dirty_cleared(h), dirty_perhaps = open ? h.dirty || h.written : dirty_cleared(h) || dirty_cleared_perhaps(h);
    const bool global = !open_global && outlived(h), global_perhaps = open_global || outlived(h);
    const auto kind = kind_if(dirty, global);
    const std::optional<StaleKind> or_else[] = {kind_if(dirty, global_perhaps), kind_if(dirty_perhaps, global), kind_if(dirty_perhaps, global_perhaps)};

    Finding f{.level = v.large() ? TableLevel::pde : TableLevel::pte, .entry_at = v.leaf_at(), .old_entry = v.leaf()};
    f.old_frame = h.frame_of(page_of(a)), f.large = v.large(), f.global = v.translation.permissions.global;
    const auto pde = changed_since(v.pde_at, v.pde, v.large(), h.since);
    const auto pte = v.large() ? std::nullopt : changed_since(v.pte_at, v.pte, true, h.since);
    if (pde && (!pte || *pde < *pte)) f.level = TableLevel::pde, f.entry_at = v.pde_at, f.old_entry = v.pde;
    const bool others = tables.pde_at != v.pde_at || tables.leaf_at() != v.leaf_at();
    f.blame_open = others || h.since < tables_changed_ || (written_since(v.pde_at, h.since) && written_since(v.pte_at, h.since));
    f.blame_open |= v.large() && named_table_since(v.pde_at, h.since);
    f.table_unseen = !v.large() && written_since(v.pde_at, h.since);
    f.other_space = !pde && !pte && kind != StaleKind::dirty_cleared;
    f.certain = std::all_of(std::begin(or_else), std::end(or_else), [&](const auto& other) { return other == kind; });
    if (kind) f.kind = *kind, add(o.findings, f, tables);
    for (const auto& other : or_else)
        if (other && other != kind) f.kind = *other, add(o.findings, f, tables);
}

void NaiveStale::check_directory(const HeldDirectory& d, VirtAddr a, Access access, const View& tables, const trace::State& s, Outcome& o) const {
    if (tables.pde_at == d.at && ((tables.pde ^ d.value) & table_bits) == 0) return;
    const View old = through(d, a, s);
    if (!old.known) return void(o.judged = false);
    const auto kind = harm(old.translation, old.translation.frame, old.memory_type(), false, false, tables, access, s.control);
    if (!kind) return;
    Finding f{.kind = *kind, .level = TableLevel::pde, .entry_at = d.at, .old_entry = d.value, .old_frame = old.translation.frame};
    f.global = old.translation.permissions.global, f.through_directory = true, f.certain = d.certain;
    add(o.findings, f, tables);
}

// Here the processor's register is what is stale. If it leads to a fault, and memory's entry does not, that fault has no end.
void NaiveStale::check_pdpte(VirtAddr a, Access access, const View& tables, const trace::State& s, Outcome& o) const {
    PhysAddr at;
    bool differs;
    const View then = reloaded(a, s, at, differs);
    if (!differs) return;
    if (!then.known) return void(o.judged = false);
    const bool served = tables.serves(access, s.control), would_be = then.serves(access, s.control);
    const bool same_place = tables.translation.frame == then.translation.frame && tables.memory_type() == then.memory_type();
    const Translation& t = tables.translation;
    if (served == would_be && (!served || same_place)) return;
    add(o.findings, {.kind = StaleKind::pdpte_not_loaded, .level = TableLevel::pdpte, .entry_at = at, .old_entry = s.pdpte[pdpte_index(a)],
                     .old_frame = t.mapped() ? t.frame : Pfn{}, .large = tables.large(), .global = t.permissions.global}, then);
}

// --- what is held

// Any of those that allow it may be what served it.
void NaiveStale::note_write(VirtAddr a, Access access, const View& tables, const Control& c) {
    if (tables.serves(access, c)) dirtied_[tables.leaf_at().raw] = now_;
    for (auto* const list : {&pages_[page_of(a).raw], &large_pages_[slot_of(a, c)]})
        for (Held& h : *list)
            if (allows(h.view.translation.permissions, access, c) && !h.written) h.written = now_;
}

void NaiveStale::hold(VirtAddr a, Access access, const View& v, const Control& c) {
    const bool dirty = access.is_write() || (v.leaf() & entry_bit::dirty);
    const Held h{page_of(a), v, now_, dirty ? std::optional{now_} : std::nullopt, {}};
    hold_in(pages_[page_of(a).raw], h);  // of a large page: a fragment (SDM vol. 3, 4.10.2.3)
    if (v.large()) hold_in(large_pages_[slot_of(a, c)], h);
}

void NaiveStale::hold_directory(VirtAddr a, const View& v, const Control& c, bool certain) {
    if (!v.names_table) return;
    auto& list = directories_[slot_of(a, c)];
    const auto same = [&](const HeldDirectory& d) { return d.at == v.pde_at && ((d.value ^ v.pde) & table_bits) == 0; };
    const auto known = std::find_if(list.begin(), list.end(), same);
    if (known == list.end()) list.push_back({v.pde_at, v.pde, certain});
    else known->certain |= certain;
}

void NaiveStale::hold_in(std::vector<Held>& list, const Held& h) {
    for (Held& old : list) {
        if (!old.same_translation(h)) continue;
        if (!old.dirty) old.dirty = h.dirty;
        return;
    }
    list.push_back(h);
}

bool NaiveStale::Held::same_translation(const Held& other) const {
    const View &a = view, &b = other.view;
    return a.pde_at == b.pde_at && a.pte_at == b.pte_at && frame_of(page) == other.frame_of(page) && a.translation.shift == b.translation.shift &&
           a.translation.permissions == b.translation.permissions && a.memory_type() == b.memory_type() &&
           ((a.pde ^ b.pde) & (a.large() ? leaf_bits : table_bits)) == 0 && ((a.pte ^ b.pte) & leaf_bits) == 0;
}

// --- what became of its entries

// Once it has been what it was again, only what came after that counts.
std::optional<NaiveStale::Time> NaiveStale::changed_since(PhysAddr at, uint64_t value, bool leaf, Time cached) const {
    std::optional<Time> since;
    const auto history = written_.find(at.raw);
    if (history == written_.end()) return since;
    for (const Written& w : history->second) {
        if (w.time < cached) continue;
        if (!needs_flush(value, w.value, leaf)) since.reset();
        else if (!since) since = w.time;
    }
    return since;
}

bool NaiveStale::written_since(PhysAddr at, Time cached) const {
    const auto history = written_.find(at.raw);
    return history != written_.end() && history->second.back().time >= cached;
}

bool NaiveStale::named_table_since(PhysAddr pde_at, Time cached) const {
    const auto history = written_.find(pde_at.raw);
    return history != written_.end() && std::any_of(history->second.begin(), history->second.end(), [&](const Written& w) {
        return w.time >= cached && (w.value & entry_bit::present) && !(w.value & entry_bit::page_size);
    });
}

bool NaiveStale::outlived(const Held& h) const {
    const auto history = written_.find(h.view.leaf_at().raw);
    if (history == written_.end()) return false;
    std::optional<Time> since;
    for (const Written& w : history->second) {
        if (w.time < h.since) continue;
        if (((w.value ^ h.view.leaf()) & (place_bits | entry_bit::present | entry_bit::global)) == 0) since.reset();
        else if (!since) since = w.time;
    }
    return since && cr3_loaded_ > *since;
}

// The processor's own setting of D is no write of software's: it may have been made by a walk that this translation would spare.
bool NaiveStale::dirty_cleared(const Held& h) const { return h.dirty && cleared_after(h.view.leaf_at(), *h.dirty); }

bool NaiveStale::dirty_cleared_perhaps(const Held& h) const {
    if (h.written && cleared_after(h.view.leaf_at(), *h.written)) return true;
    // D is clear, but it came by way of a not present entry.
    const auto history = written_.find(h.view.leaf_at().raw);
    if (h.dirty && history != written_.end() && history->second.back().time >= *h.dirty && !(history->second.back().value & entry_bit::dirty)) return true;
    const auto dirtied = dirtied_.find(h.view.leaf_at().raw);
    return dirtied != dirtied_.end() && dirtied->second >= h.since && cleared_after(h.view.leaf_at(), dirtied->second);
}

// From present with D to present without it; taken back when D is set, or the page unmapped. An entry that comes back from not present
// clears nothing.
bool NaiveStale::cleared_after(PhysAddr leaf_at, Time dirty) const {
    const auto history = written_.find(leaf_at.raw);
    if (history == written_.end()) return false;
    bool cleared = false;
    uint64_t before = entry_bit::present | entry_bit::dirty;
    for (const Written& w : history->second) {
        const uint64_t was = w.was.value_or(before);
        before = w.value;
        if (w.time < dirty) continue;
        if (!(w.value & entry_bit::present) || w.value & entry_bit::dirty) cleared = false;
        else if (was & entry_bit::present && was & entry_bit::dirty) cleared = true;
    }
    return cleared;
}

}  // namespace reference
