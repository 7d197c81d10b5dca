// SPDX-License-Identifier: LGPL-2.1-or-later
// From what was changed, and what was cached of it, to the flush that drops it.
#include "stale_advice.hpp"

#include "stale_entry.hpp"

namespace tools {
namespace {

using mm::EntryWriter;
using mm::TableLevel;

constexpr char global_pages_stay[] = "MOV CR3 is not enough: the page is global";

uint32_t large_bytes(const StaleReport& r) {
    return r.control.mode() == mm::PagingMode::pae ? mm::large_page_size<mm::Pae> : mm::large_page_size<mm::Classic>;
}

// When, and where: " after the write", " on CPU 1 ...".
std::string after_change(const StaleReport& r) {
    switch (r.first.change.how) {
    case EntryWriter::device: return " after the device has written the entry";
    case EntryWriter::other_cpu:
        return " on CPU " + std::to_string(r.cpu) + ", which used it, after the write: CPU " + std::to_string(r.first.change.cpu) +
               " must tell it, by an interrupt";
    case EntryWriter::address_space: return " after the MOV to CR3";
    case EntryWriter::freed: return " before the table is freed";
    case EntryWriter::instruction: break;
    }
    return " after the write";
}

// Of one page, small or large: one INVLPG is enough for a large one, whatever its entry says by now (4.10.4.2, footnote).
std::string flush_page(const StaleReport& r) {
    const std::string invlpg = "INVLPG " + hex_text(mm::address(mm::page_of(r.first.linear)).raw);
    const std::string of_large = r.first.large ? " (any address of the " + std::to_string(large_bytes(r) >> 20) + " MiB page)" : "";
    if (!r.first.global) return invlpg + of_large + " or MOV CR3," + after_change(r);
    return invlpg + of_large + " or a change of CR4.PGE," + after_change(r) + ". " + global_pages_stay;
}

// A directory entry that named a table.
std::string flush_table(const StaleReport& r) {
    const std::string pages = "INVLPG of each page that was used through the table";
    if (r.first.global) return pages + ", or a change of CR4.PGE," + after_change(r) + ". " + global_pages_stay;
    return "MOV CR3, or " + pages + "," + after_change(r) + ". One INVLPG drops every cached directory entry, but one page's translation only";
}

}  // namespace

std::string right_flush(const StaleReport& r) {
    const mm::trace::Stale& e = r.first;
    if (e.kind == mm::StaleKind::freed_table_used && e.level == TableLevel::pdpte)
        return "MOV CR3 to other tables before the directory is freed; with PAE its PDPTE must be cleared, and CR3 written, if the other three stay";
    if (e.kind == mm::StaleKind::freed_table_used)
        return "the entry that names the table must be cleared, then MOV CR3 or INVLPG of each page that was used through it, before the table is freed";
    if (e.level == TableLevel::pdpte)
        return "MOV CR3" + after_change(r) + ", to load the PDPTE registers. INVLPG does not load them" +
               (e.global ? "; global pages below need INVLPG or a change of CR4.PGE, too" : "");
    if (e.level == TableLevel::pte || e.change.how == EntryWriter::address_space) return flush_page(r);
    return e.large ? flush_page(r) : flush_table(r);
}

}  // namespace tools
