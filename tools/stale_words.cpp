// SPDX-License-Identifier: LGPL-2.1-or-later
// Puts a report into words.
#include "stale_words.hpp"

#include <algorithm>

#include "command_line.hpp"
#include "stale_entry.hpp"
#include "text_table.hpp"

namespace tools {
namespace {

using mm::AccessKind;
using mm::EntryWriter;
using mm::StaleKind;

std::string tick(uint64_t ticks) { return "tick " + grouped(ticks); }

const char* noun(AccessKind k) {
    constexpr const char* names[] = {"read", "write", "fetch"};
    return names[static_cast<size_t>(k)];
}
const char* verb(AccessKind k) {
    constexpr const char* names[] = {"read", "write", "execute"};
    return names[static_cast<size_t>(k)];
}

std::string in_parentheses(const std::string& text) { return text.empty() ? "" : " (" + text + ")"; }

std::string frame(mm::Pfn f, const StaleNames& names) { return "frame " + hex_text(f.raw) + " (" + names.zone(f) + ")"; }

std::string entry_name(const StaleReport& r) {
    constexpr const char* levels[] = {"page-table entry", "page-directory entry", "page-directory-pointer entry"};
    return std::string{"the "} + levels[static_cast<size_t>(r.first.level)] + " at physical " + hex_text(r.first.change.entry_at.raw);
}

std::string writer(const StaleReport& r, const StaleNames& names) {
    const mm::trace::Stale::Change& c = r.first.change;
    switch (c.how) {
    case EntryWriter::device: return "by a device (DMA)";
    case EntryWriter::other_cpu: return "by CPU " + std::to_string(c.cpu) + " at " + names.place(c.ip);
    case EntryWriter::address_space: return "by the MOV to CR3 at " + names.place(c.ip) + ", to tables that say something else of this global page";
    case EntryWriter::freed: return "by saying that the table is free, at " + names.place(c.ip);
    case EntryWriter::instruction: break;
    }
    return "by " + names.place(c.ip);
}

// What is known of the frame that a stale translation leads to.
std::string old_frame(const StaleReport& r, const StaleNames& names) {
    const mm::trace::Stale& e = r.first;
    std::string words = frame(e.old_frame, names);
    if (e.old_owner == mm::FrameOwner::page_table) words += ", a page table now";
    if (e.old_owner == mm::FrameOwner::freed_table) words += ", a page table that was freed";
    if (e.old_mapped_at.raw) words += ", last written through " + hex_text(e.old_mapped_at.raw) + in_parentheses(names.region(e.old_mapped_at, false));
    return words;
}

std::string flush_words(const char* what, const FlushSeen& f, const StaleReport& r, const StaleNames& names) {
    return what + (" at " + tick(f.ticks)) + " by " + names.place(f.ip) + (f.ticks < r.first.change.ticks ? ", before the change: too early" : ", after the change: not enough");
}

}  // namespace

std::string access_words(const StaleReport& r, const StaleNames& names) {
    const mm::trace::Stale& e = r.first;
    const std::string by = names.symbol(e.ip, e.access.user);
    return std::string{noun(e.access.kind)} + " at " + hex_text(e.linear.raw) + " by " + (by.empty() ? hex_text(e.ip) : by);
}

std::string use_words(const StaleReport& r, const StaleNames& names) {
    const mm::trace::Stale& e = r.first;
    return tick(r.ticks) + ": " + noun(e.access.kind) + " at " + hex_text(e.linear.raw) + in_parentheses(names.region(e.linear, e.access.user)) + " by " +
           names.place(e.ip, e.access.user) + (e.access.user ? ", in user mode" : ", in kernel mode") + (names.run().cpus > 1 ? ", CPU " + std::to_string(r.cpu) : "");
}

std::string change_words(const StaleReport& r, const StaleNames& names) {
    const uint64_t when = r.first.change.ticks;
    return tick(when) + ", " + grouped(r.ticks - std::min(when, r.ticks)) + " ticks before, " + writer(r, names) + ": " + entry_name(r);
}

std::string cached_words(const StaleReport& r, const StaleNames& names) {
    const mm::trace::Stale::Cached& c = r.first.cached;
    return tick(c.ticks) + ": walked for a " + noun(c.access) + " by " + names.place(c.ip);
}

std::string hardware_words(const StaleReport& r, const StaleNames& names) {
    const mm::trace::Stale& e = r.first;
    const std::string goes = std::string{"may "} + verb(e.access.kind) + " " + old_frame(r, names);
    switch (e.kind) {
    case StaleKind::dirty_cleared: return goes + ", and not set D again: who cleared it takes the page for unchanged, and what is written may be lost";
    case StaleKind::global_cleared: return goes + " by a translation that stays over every MOV CR3, in other address spaces, too";
    case StaleKind::memory_type_changed: return goes + " with the memory type that the entry had before";
    case StaleKind::permission_removed: return goes + ", though it is forbidden now";
    case StaleKind::pdpte_not_loaded: return goes + ": it uses the PDPTE register, not memory";
    case StaleKind::freed_table_used: return goes + ": the walk reads the freed table, whatever that memory is used for by then";
    case StaleKind::table_freed: return goes + ": the walk goes on from the cached directory entry, whatever the table's memory is used for by then";
    case StaleKind::frame_changed: case StaleKind::present_cleared: case StaleKind::page_size_changed: break;
    }
    return goes;
}

std::string tables_words(const StaleReport& r, const StaleNames& names) {
    const mm::trace::Stale& e = r.first;
    if (!e.mapped) return "map nothing there: a page fault is due";
    const std::string now = e.new_frame == e.old_frame ? "the same frame" : frame(e.new_frame, names);
    switch (e.kind) {
    case StaleKind::permission_removed: return "say " + now + ", and do not allow it: a page fault is due";
    case StaleKind::dirty_cleared: return "say " + now + ", with D clear";
    case StaleKind::global_cleared: return "say " + now + ", not global";
    case StaleKind::memory_type_changed: return "say " + now + ", with another memory type";
    default: return "say " + now;
    }
}

std::string flushes_words(const StaleReport& r, const StaleNames& names) {
    if (!r.cr3_write && !r.invlpg) return "not at all: no MOV CR3, and no INVLPG of this page lately";
    std::string words;
    if (r.invlpg) words += flush_words("INVLPG of this page", *r.invlpg, r, names);
    if (r.cr3_write) words += (r.invlpg ? "; " : "") + flush_words("MOV CR3", *r.cr3_write, r, names);
    return words;
}

std::string escape_words(const StaleReport& r, const StaleNames& names) {
    const mm::trace::Stale& e = r.first;
    const std::vector<std::string> held = names.profiles(e.profiles);
    const std::string bochs = e.used_by_bochs ? "Bochs itself used the stale frame here" : "Bochs itself read the page tables, so this run did not show it";
    if (held.size() == names.run().profiles.size()) return "it does not: every recorded profile has it cached still (" + join(held) + "); " + bochs;
    const std::string luck = "a TLB of another size, or another order of events, may keep it";
    if (held.empty()) return "no recorded profile (" + join(names.run().profiles) + ") has it cached still, which is luck: " + luck + "; " + bochs;
    return "cached still on " + join(held) + ", no longer on the other recorded profiles, which is luck: " + luck + "; " + bochs;
}

std::string mode_words(const std::string& mode) {
    if (mode == "used") return " (what was used counts as cached)";
    if (mode == "speculative") return " (what a processor could have walked to counts as cached)";
    return "";
}

}  // namespace tools
