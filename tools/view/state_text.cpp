// SPDX-License-Identifier: LGPL-2.1-or-later
// Moments as text.
#include <algorithm>
#include <cstdio>
#include <ostream>

#include "tools/printable.hpp"
#include "tools/text_table.hpp"
#include "tools/view/state_output.hpp"

namespace tools::view {
namespace {

std::string hex(uint64_t v, unsigned digits = 8) {
    char text[24];
    std::snprintf(text, sizeof text, "%0*llx", static_cast<int>(digits), static_cast<unsigned long long>(v));
    return text;
}

void print_tlb(const TlbView& t, std::ostream& out) {
    const auto valid = static_cast<unsigned long>(std::count_if(t.entries.begin(), t.entries.end(), [](const TlbEntryView& e) { return e.valid; }));
    out << t.name << ": " << grouped(valid) << " of " << grouped(t.entries.size()) << " entries valid, " << t.sets << " sets of " << t.ways << '\n';
    TextTable table{{{"set"}, {"way"}, {"linear"}, {"frame"}, {"flags", Align::left}, {"filled at"}}};
    for (size_t n = 0; n < t.entries.size(); ++n)
        if (const TlbEntryView& e = t.entries[n]; e.valid)
            table.row({std::to_string(n / t.ways), std::to_string(n % t.ways), hex(uint64_t{e.page} << mm::page_shift), hex(e.frame, 5),
                       std::string{e.writable ? "w" : "-"} + (e.user ? "u" : "-") + (e.global ? "g" : "-") + (e.large ? "L" : e.fragment ? "f" : "-"), grouped(e.filled)});
    if (valid) table.print(out, 2);
}

void print_linear(const LinearMap& l, std::ostream& out) {
    if (l.split.page_offset) out << "PAGE_OFFSET " << hex(l.split.page_offset) << ": from here " << split_words(l.split) << '\n';
    size_t tables = 0, large = 0, absent = 0, pages = 0;
    for (const LinearSlot& s : l.slots) {
        tables += s.content == SlotContent::table, large += s.content == SlotContent::large_page, absent += s.content == SlotContent::not_present;
        pages += s.content == SlotContent::table ? s.mapped : 0;
    }
    if (l.slots.empty()) return void(out << "No page tables of 32 bits are in use.\n");
    out << "Page tables at " << hex(l.root) << ", as far as walks have shown them: " << tables << " tables with " << grouped(pages) << " pages, " << large
        << " large pages, " << absent << " entries not present, " << l.slots.size() - tables - large - absent << " not known\n";
}

}  // namespace

void print_state(const Snapshot& s, std::ostream& out) {
    out << "tick " << grouped(s.tick) << ", cpu" << s.cpu << ", " << grouped(s.instructions) << " instructions, " << grouped(s.events) << " events";
    if (!s.split.empty()) out << ", split " << printable(s.split) << ' ' << printable(s.paging);
    if (!s.task.empty()) out << ", task " << printable(s.task);
    out << '\n';
    for (const std::string& span : s.spans) out << "in span " << printable(span) << '\n';
    if (!s.last.text.empty()) out << "last event: " << s.last.text.substr(s.last.text.find_first_not_of(' ')) << '\n';
    out << "registers: CR0 " << hex(s.registers.control.cr0) << " CR3 " << hex(s.registers.control.cr3) << " CR4 " << hex(s.registers.control.cr4) << '\n';
    if (!s.note.empty()) out << wrapped("note: " + printable(s.note), widest_line, 4) << '\n';

    out << '\n';
    TextTable zones{{{"zone", Align::left}, {"walks"}, {"of these after a flush"}, {"cycles"}, {"fills"}}};
    for (const Zone& z : s.zones) zones.row({printable(z.name), grouped(z.walks), grouped(z.refills), rounded(z.cycles), grouped(z.fills)});
    zones.print(out);
    out << '\n';
    TextTable regions{{{"region", Align::left}, {"walks"}, {"fills"}}};
    for (const Region& r : s.regions) regions.row({printable(r.name), grouped(r.walks), grouped(r.fills)});
    regions.print(out);
    out << '\n';
    print_linear(s.linear, out);
    for (const FlushCount& f : s.flushes)
        if (f.flushes) out << "flushes by " << f.cause << ": " << grouped(f.flushes) << ", " << grouped(f.dropping) << " of them dropped translations\n";
    if (!s.tlbs.empty()) out << "\nTLBs of " << printable(s.profile) << (s.tlbs_exact ? "" : ", reconstructed") << ":\n";
    for (const TlbView& t : s.tlbs) print_tlb(t, out);
}

void print_walk(const WalkInspection& w, std::ostream& out) {
    out << "linear " << hex(w.address.raw) << " in region " << printable(w.region) << ", " << w.paging << ": " << w.result << '\n';
    for (const InspectedEntry& e : w.entries) {
        out << "  " << e.name;
        if (e.at) out << " at " << hex(e.at->raw);
        if (e.value) out << " = " << hex(*e.value, e.width / 4);
        if (e.seen) out << ", last seen at tick " << grouped(*e.seen);
        if (e.changed) out << ", last changed at tick " << grouped(*e.changed);
        out << (e.note.empty() ? "" : ", " + e.note) << '\n';
        TextTable bits{{{"bits"}, {"name", Align::left}, {"value"}, {"meaning", Align::left}}, TextTable::Titles::none};
        for (const BitField& f : e.fields)
            bits.row({f.high == f.low ? std::to_string(f.high) : std::to_string(f.high) + ":" + std::to_string(f.low), f.name, hex(f.value, 1), f.meaning});
        if (!e.fields.empty()) bits.print(out, 4);
    }
    if (w.mapped) out << "  frame " << hex(w.frame.raw, 5) << " in zone " << printable(w.zone) << ", a page of " << grouped(w.page_bytes) << " bytes: " << w.permissions << '\n';
    for (const CachedTranslation& c : w.cached)
        out << "  cached in " << c.tlb << " set " << c.set << " way " << c.way << " since tick " << grouped(c.since) << (c.agrees ? "" : ", which the page tables do not say any more") << '\n';
    if (w.cached.empty() && w.mapped) out << "  in no TLB" << (w.cached_exact ? "" : ", as far as it is known") << '\n';
}

}  // namespace tools::view
