// SPDX-License-Identifier: LGPL-2.1-or-later
// The reference model's lookups, walks, fills and flushes.
#include "reference.hpp"

namespace reference {
namespace {

unsigned large_shift(const mm::Control& c) {
    return c.mode() == mm::PagingMode::pae ? mm::directory_shift<mm::Pae> : mm::directory_shift<mm::Classic>;
}

// The root of a walk whose directory entry and table entry are handed to it: only whether there is a directory matters.
template <class Format> typename Format::Root root(bool directory_present);
template <> mm::Classic::Root root<mm::Classic>(bool) { return {}; }
template <> mm::Pae::Root root<mm::Pae>(bool present) {
    const uint64_t pdpte = present ? mm::entry_bit::present : 0;
    return {{pdpte, pdpte, pdpte, pdpte}};
}

}  // namespace

Reference::Reference(const mm::MmuGeometry& g)
    : geometry_{g}, instruction_{g.instruction}, data_{g.data}, second_instruction_{g.second_instruction}, second_data_{g.second_data},
      pde_cache_{g.pde_cache} {}

Reference::Side Reference::side_of(mm::Access a) const {
    return a.is_execute() && !geometry_.unified ? Side::instruction : Side::data;
}

Reference::Name Reference::name_of(Side s, const Cached& e) const {
    const bool one_name_for_both = geometry_.unified || geometry_.second_unified;
    return {one_name_for_both ? Side::data : s, e.shift, e.page, e.frame};
}

ServedBy Reference::predict(mm::VirtAddr a, mm::Access access, const mm::Control& c) const {
    Reference& self = const_cast<Reference&>(*this);  // first() and second() only choose
    const Side s = side_of(access);
    if (!skips_first(access) && self.first(s).find(a, access, c, large_shift(c))) return ServedBy::first_level;
    if (!self.second(s).find(a, access, c, large_shift(c))) return ServedBy::walk;
    return skips_first(access) ? ServedBy::first_level : ServedBy::second_level;
}

Outcome Reference::access(mm::VirtAddr a, mm::Access access, const mm::Control& c, const PageTables& tables) {
    const ServedBy by = look_up(a, access, c);
    return by == ServedBy::walk ? walk_and_fill(a, access, c, tables) : Outcome{.by = by};
}

ServedBy Reference::look_up(mm::VirtAddr a, mm::Access access, const mm::Control& c) {
    const Side s = side_of(access);
    Counts& counts = counts_[access.is_execute()];
    ++counts.lookups;
    if (!skips_first(access) && first(s).use(a, access, c, large_shift(c))) return ServedBy::first_level;

    if (const auto found = second(s).use(a, access, c, large_shift(c))) {
        if (skips_first(access)) return ServedBy::first_level;
        ++counts.misses;
        ++second_hits_;
        if (geometry_.inclusion == mm::Inclusion::exclusive)
            second(s).remove([&](const Cached& e) { return e.shift == found->shift && e.page == found->page; });
        put_first(s, *found);
        return ServedBy::second_level;
    }
    ++counts.misses;
    ++counts.walks;
    return ServedBy::walk;
}

Outcome Reference::walk_and_fill(mm::VirtAddr a, mm::Access access, const mm::Control& c, const PageTables& tables) {
    const Side s = side_of(access);
    Outcome result = walk(a, c, tables);
    if (!result.translation.mapped() || !mm::allows(result.translation.permissions, access, c)) {
        result.fault = true;
        result.cause = Cause::fault;
        return result;
    }
    const Cached entry = entry_for(s, a, result.translation);
    const auto known = causes_.find(name_of(s, entry));
    result.cause = known == causes_.end() ? Cause::first_touch : known->second;
    fill(s, entry, skips_first(access));
    return result;
}

Outcome Reference::walk(mm::VirtAddr a, const mm::Control& c, const PageTables& tables) {
    return c.mode() == mm::PagingMode::pae ? walk_as<mm::Pae>(a, c, tables) : walk_as<mm::Classic>(a, c, tables);
}

template <class Format>
Outcome Reference::walk_as(mm::VirtAddr a, const mm::Control& c, const PageTables& tables) {
    const uint32_t tag = a.raw >> mm::directory_shift<Format>;
    const auto any = [](const CachedDirectoryEntry&) { return true; };
    const auto cached = pde_cache_.use(tag, any);
    std::optional<uint64_t> pde = cached ? cached->value : tables.directory_entry(a);

    unsigned read = 0;
    const mm::Walk<Format> w = mm::walk<Format>(root<Format>(pde.has_value()), a, c, [&](mm::PhysAddr) {
        return static_cast<typename Format::Raw>(read++ == 0 ? *pde : tables.table_entry(a, *pde));
    });
    if (!cached && pde_cache_.exists() && w.reads > 0 && mm::names_table(w.pde, c)) pde_cache_.put({tag, *pde});

    Outcome result;
    result.by = ServedBy::walk;
    result.pde_cached = cached.has_value();
    result.reads = w.reads;
    result.pde = w.pde.raw;
    result.pte = w.pte.raw;
    result.translation = w.translation;
    return result;
}

// The entry in the form that the first level of the side decides.
Cached Reference::entry_for(Side s, mm::VirtAddr a, const mm::Translation& t) {
    Cached e;
    e.mapped_shift = t.shift;
    e.permissions = t.permissions;
    const bool large_page = t.shift != mm::page_shift;
    e.shift = large_page && first(s).holds_large() ? t.shift : mm::page_shift;
    e.page = a.raw >> e.shift;
    const uint32_t frames = 1u << (e.shift - mm::page_shift);
    e.frame = t.frame.raw / frames * frames;
    return e;
}

void Reference::fill(Side s, const Cached& e, bool second_only) {
    const auto in_the_way = [&](const Cached& old) { return old.overlaps(e); };
    first(s).remove(in_the_way);
    second(s).remove(in_the_way);
    const bool exclusive = geometry_.inclusion == mm::Inclusion::exclusive;
    if (!exclusive || second_only) put_second(s, e);
    if (!second_only) put_first(s, e);
    causes_[name_of(s, e)] = Cause::evicted;
}

// What it overlaps there leaves. An exclusive second level takes the victim. Nothing happens if this side has no place for
// the form: a large page of the other side that a unified second level served.
void Reference::put_first(Side s, const Cached& e) {
    if (!first(s).holds(e)) return;
    first(s).remove([&](const Cached& old) { return old.overlaps(e); });
    const auto victim = first(s).put(e);
    if (victim && geometry_.inclusion == mm::Inclusion::exclusive) put_second(s, *victim);
}

// Nothing happens if there is no second level, or none for this form. What the victim leaves behind in the first level
// of an inclusive CPU goes too.
void Reference::put_second(Side s, const Cached& e) {
    if (!second(s).holds(e)) return;
    second(s).remove([&](const Cached& old) { return old.overlaps(e); });
    const auto victim = second(s).put(e);
    if (!victim || geometry_.inclusion != mm::Inclusion::inclusive) return;
    const auto same_page = [&](const Cached& old) { return old.shift == victim->shift && old.page == victim->page; };
    if (geometry_.second_unified || s == Side::instruction) instruction_.remove(same_page);
    if (geometry_.second_unified || s == Side::data) data_.remove(same_page);
}

Dropped Reference::flush_non_global(Cause cause, const mm::Control& c) {
    const bool keeps_global = geometry_.global_pages && c.global_pages();
    Dropped d = drop(cause, [&](const Cached& e) { return !keeps_global || !e.permissions.global; });
    d.pde = flush_directory_entries().pde;
    return d;
}

Dropped Reference::flush_all(Cause cause) {
    Dropped d = drop(cause, [](const Cached&) { return true; });
    d.pde = flush_directory_entries().pde;
    return d;
}

Dropped Reference::flush_page(Cause cause, mm::VirtAddr a) {
    Dropped d = drop(cause, [&](const Cached& e) { return e.invalidated_by(a); });
    d.pde = flush_directory_entries().pde;
    return d;
}

// "Mappings ... that would be used to translate the linear address", but no global ones (SDM vol. 3, 4.10.4.1).
Dropped Reference::flush_address(Cause cause, mm::VirtAddr a, const mm::Control& c) {
    const bool keeps_global = geometry_.global_pages && c.global_pages();
    Dropped d = drop(cause, [&](const Cached& e) { return e.invalidated_by(a) && !(keeps_global && e.permissions.global); });
    d.pde = flush_directory_entry(a, c);
    return d;
}

Dropped Reference::flush_fault(Cause cause, mm::VirtAddr a, const mm::Control& c) {
    Dropped d = drop(cause, [&](const Cached& e) { return e.maps(a); });
    d.pde = flush_directory_entry(a, c);
    return d;
}

unsigned Reference::flush_directory_entry(mm::VirtAddr a, const mm::Control& c) {
    const uint32_t tag = a.raw >> large_shift(c);
    return static_cast<unsigned>(pde_cache_.remove([&](const CachedDirectoryEntry& e) { return e.tag == tag; }).size());
}

Dropped Reference::flush_directory_entries() {
    Dropped d;
    d.pde = static_cast<unsigned>(pde_cache_.remove([](const CachedDirectoryEntry&) { return true; }).size());
    return d;
}

template <class Condition>
Dropped Reference::drop(Cause cause, Condition&& condition) {
    Dropped d;
    d.instruction = drop_from(instruction_, Side::instruction, cause, condition);
    d.data = drop_from(data_, Side::data, cause, condition);
    d.second = drop_from(second_instruction_, Side::instruction, cause, condition) + drop_from(second_data_, Side::data, cause, condition);
    return d;
}

// Charges every valid entry that it drops.
template <class Condition>
unsigned Reference::drop_from(NaiveLevel& level, Side s, Cause cause, Condition&& condition) {
    const std::vector<Cached> dropped = level.remove(condition);
    for (const Cached& e : dropped) causes_[name_of(s, e)] = cause;
    return static_cast<unsigned>(dropped.size());
}

}  // namespace reference
