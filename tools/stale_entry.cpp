// SPDX-License-Identifier: LGPL-2.1-or-later
// Decodes entries for people.
#include "stale_entry.hpp"

#include <cstdio>

#include "mm/walk.hpp"

namespace tools {
namespace {

namespace bit = mm::entry_bit;
using mm::TableLevel;

bool is_pae(const mm::Control& c) { return c.mode() == mm::PagingMode::pae; }

// The PAT bit of a page is bit 7, that of a large page bit 12.
std::string memory_words(uint64_t entry, const EntryView& v) {
    std::string words;
    if (entry & bit::write_through) words += ", write-through";
    if (entry & bit::cache_disable) words += ", uncached";
    if (!v.table && (entry & (v.large ? uint64_t{1} << 12 : bit::page_size))) words += ", PAT";
    return words;
}

uint64_t reserved(uint64_t entry, const EntryView& v, TableLevel level, const mm::Control& c) {
    if (level == TableLevel::pdpte) return 0;  // checked when they are loaded, not by a walk
    return entry & (is_pae(c) ? mm::reserved_bits<mm::Pae>(c, v.large) : mm::reserved_bits<mm::Classic>(c, v.large));
}

std::string rights(uint64_t entry, const mm::Control& c) {
    std::string words = entry & bit::writable ? ": writable" : ": read-only";
    words += entry & bit::user ? ", user" : ", kernel only";
    if ((entry & bit::no_execute) && c.no_execute()) words += ", no-execute";
    return words;
}

std::string subject(const EntryView& v, TableLevel level) {
    if (level == TableLevel::pdpte) return "directory in frame " + hex_text(v.frame.raw);
    if (v.table) return "page table in frame " + hex_text(v.frame.raw);
    if (v.large) return std::to_string(v.page_bytes >> 20) + " MiB page from frame " + hex_text(v.frame.raw);
    return "frame " + hex_text(v.frame.raw);
}

}  // namespace

std::string hex_text(uint64_t v) {
    char text[24];
    std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(v));
    return text;
}

EntryView view_entry(uint64_t entry, TableLevel level, const mm::Control& control) {
    const bool pae = is_pae(control);
    EntryView v;
    v.present = entry & bit::present;
    v.large = level == TableLevel::pde && (entry & bit::page_size) && control.large_pages();
    v.table = level != TableLevel::pte && !v.large;
    v.page_bytes = v.table ? 0 : !v.large ? mm::page_size : pae ? mm::large_page_size<mm::Pae> : mm::large_page_size<mm::Classic>;
    if (pae) v.frame = v.large ? mm::Entry<mm::Pae>{entry}.large_frame() : mm::Entry<mm::Pae>{entry}.frame();
    else if (const mm::Entry<mm::Classic> e{static_cast<uint32_t>(entry)}; true) v.frame = v.large ? e.large_frame() : e.frame();
    return v;
}

std::string entry_words(uint64_t entry, TableLevel level, const mm::Control& control) {
    const EntryView v = view_entry(entry, level, control);
    if (!v.present) return entry ? "not present, the rest is the guest's own" : "not present";
    std::string words = subject(v, level);
    if (level == TableLevel::pdpte) return words + memory_words(entry, v);
    words += rights(entry, control) + memory_words(entry, v);
    words += entry & bit::accessed ? ", accessed" : ", not accessed";
    if (!v.table) {
        words += entry & bit::dirty ? ", dirty" : ", not dirty";
        if ((entry & bit::global) && control.global_pages()) words += ", global";
    }
    if (const uint64_t wrong = reserved(entry, v, level, control)) words += ", reserved bits " + hex_text(wrong);
    return words;
}

}  // namespace tools
