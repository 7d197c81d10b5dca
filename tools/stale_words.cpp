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

// Of a freed table the event has the entry that was read from it, and for both levels the directory entry of the walk.
bool of_freed_table(const StaleReport& r) { return r.first.kind == StaleKind::freed_table_used; }

std::string entry_name(const StaleReport& r) {
    if (of_freed_table(r)) return std::string{"the page "} + (r.first.level == mm::TableLevel::pdpte ? "directory" : "table") + " in frame " + hex_text(r.first.old_frame.raw);
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

// What else is known of the frame that a stale translation leads to.
std::string history(const StaleReport& r, const StaleNames& names) {
    const mm::trace::Stale& e = r.first;
    std::string words;
    if (e.old_owner == mm::FrameOwner::page_table) words += "; it is a page table now";
    if (e.old_owner == mm::FrameOwner::freed_table) words += "; it is a page table that was freed";
    if (e.old_mapped_at.raw) words += "; it was last written through " + hex_text(e.old_mapped_at.raw) + in_parentheses(names.region(e.old_mapped_at, false));
    return words;
}

std::string hardware_does(const StaleReport& r, const StaleNames& names) {
    const mm::trace::Stale& e = r.first;
    const std::string goes = std::string{"may "} + verb(e.access.kind) + " " + frame(e.old_frame, names);
    switch (e.kind) {
    case StaleKind::dirty_cleared: return goes + " and not set D again: whoever cleared it takes the page for unchanged, and what is written may be lost";
    case StaleKind::global_cleared: return goes + " by a translation that stays over every MOV CR3, in other address spaces, too";
    case StaleKind::memory_type_changed: return goes + " with the memory type that the entry had before";
    case StaleKind::permission_removed: return goes + ", though it is forbidden now";
    case StaleKind::pdpte_not_loaded: return goes + ": it uses the PDPTE register, not memory";
    case StaleKind::freed_table_used: return "walks through " + frame(e.old_frame, names) + ", whatever that memory is used for by then";
    case StaleKind::table_freed: return goes + ": it goes on from the cached directory entry, whatever the table's memory is used for by then";
    case StaleKind::frame_changed: case StaleKind::present_cleared: case StaleKind::page_size_changed: break;
    }
    return goes;
}

std::string flush_words(const char* what, const FlushSeen& f, const StaleReport& r, const StaleNames& names) {
    return what + (" at " + tick(f.ticks)) + " by " + names.place(f.ip) + (f.ticks < r.first.change.ticks ? ", before the change: too early" : ", after the change: not enough");
}

}  // namespace

std::string access_words(const StaleReport& r, const StaleNames& names) {
    const mm::trace::Stale& e = r.first;
    const std::string by = names.symbol(e.ip, e.access.user);
    if (e.access.is_execute()) return "fetch at " + (by.empty() ? hex_text(e.linear.raw) : by);
    return std::string{noun(e.access.kind)} + " at " + hex_text(e.linear.raw) + " by " + (by.empty() ? hex_text(e.ip) : by);
}

std::string use_words(const StaleReport& r, const StaleNames& names) {
    const mm::trace::Stale& e = r.first;
    const std::string by = e.access.is_execute() && names.symbol(e.ip, e.access.user).empty() ? "" : " by " + names.place(e.ip, e.access.user);
    return tick(r.ticks) + ": " + noun(e.access.kind) + " at " + hex_text(e.linear.raw) + in_parentheses(names.region(e.linear, e.access.user)) + by +
           (e.access.user ? ", in user mode" : ", in kernel mode") + (names.run().cpus > 1 ? ", CPU " + std::to_string(r.cpu) : "");
}

std::string change_words(const StaleReport& r, const StaleNames& names) {
    const uint64_t when = r.first.change.ticks;
    return tick(when) + ", " + grouped(r.ticks - std::min(when, r.ticks)) + " ticks before, " + writer(r, names) + ": " + entry_name(r);
}

std::string entries_words(const StaleReport& r) {
    const mm::trace::Stale::Change& c = r.first.change;
    const auto entry = [&](uint64_t raw) { return hex_text(raw) + ": " + entry_words(raw, of_freed_table(r) ? mm::TableLevel::pde : r.first.level, r.control); };
    if (of_freed_table(r)) return "the walk read it at physical " + hex_text(c.entry_at.raw) + "; its directory entry is " + entry(c.new_entry);
    return "from " + entry(c.old_entry) + "\nto   " + entry(c.new_entry);
}

std::string cached_words(const StaleReport& r, const StaleNames& names) {
    const mm::trace::Stale::Cached& c = r.first.cached;
    return tick(c.ticks) + ": walked for a " + noun(c.access) + " by " + names.place(c.ip);
}

std::string hardware_words(const StaleReport& r, const StaleNames& names) { return hardware_does(r, names) + history(r, names); }

std::string tables_words(const StaleReport& r, const StaleNames& names) {
    const mm::trace::Stale& e = r.first;
    if (!e.mapped) return of_freed_table(r) ? "still lead to it, and map nothing there" : "map nothing there: a page fault is due";
    const std::string now = e.new_frame == e.old_frame ? "the same frame" : frame(e.new_frame, names);
    switch (e.kind) {
    case StaleKind::freed_table_used: return "still lead to it, and through it to " + now;
    case StaleKind::permission_removed: return "say " + now + ", and do not allow it: a page fault is due";
    case StaleKind::dirty_cleared: return "say " + now + ", with D clear";
    case StaleKind::global_cleared: return "say " + now + ", not global";
    case StaleKind::memory_type_changed: return "say " + now + ", with another memory type";
    default: return "say " + now;
    }
}

std::string flushes_words(const StaleReport& r, const StaleNames& names) {
    if (!r.cr3_write && !r.invlpg && !r.invpcid) return "not at all: no MOV CR3, and no INVLPG of this page lately";
    // Those after the change say the most; of those before it the later one.
    const auto ticks = [](const std::optional<FlushSeen>& f) { return f ? f->ticks : 0; };
    const uint64_t change = r.first.change.ticks, latest = std::max({ticks(r.cr3_write), ticks(r.invlpg), ticks(r.invpcid)});
    std::string words;
    const auto add = [&](const char* what, const std::optional<FlushSeen>& f) {
        if (f && f->ticks >= std::min(change, latest)) words += (words.empty() ? "" : "; ") + flush_words(what, *f, r, names);
    };
    add("INVLPG of this page", r.invlpg), add("INVPCID", r.invpcid), add("MOV CR3", r.cr3_write);
    return words;
}

std::string escape_words(const StaleReport& r, const StaleNames& names) {
    std::vector<std::string> gone = names.run().profiles;
    const std::vector<std::string> held = names.profiles(r.first.profiles);
    std::erase_if(gone, [&](const std::string& p) { return std::find(held.begin(), held.end(), p) != held.end(); });
    std::string words = held.empty() ? "" : "cached still on " + join(held);
    if (!gone.empty()) words += (held.empty() ? "no longer cached on " : ", no longer on ") + join(gone) + ", which is luck and no safety";
    if (r.first.used_by_bochs) return words + "; Bochs used the stale frame here";
    const bool another = !r.first.mapped || r.first.new_frame != r.first.old_frame;
    return words + (another && !of_freed_table(r) ? "; Bochs read the page tables anew, so this run did not suffer" : "");
}

std::string mode_words(const std::string& mode) {
    if (mode == "used") return " (what was used counts as cached)";
    if (mode == "speculative") return " (what a processor could have walked to counts as cached)";
    return "";
}

}  // namespace tools
