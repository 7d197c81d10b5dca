// SPDX-License-Identifier: LGPL-2.1-or-later
// A snapshot, or its TLBs, as text, so that two of them can be compared and a difference be read.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "tools/view/snapshot.hpp"

namespace tests {

inline std::string text_of(const std::vector<tools::view::TlbView>& tlbs) {
    std::ostringstream out;
    for (const auto& t : tlbs)
        for (size_t n = 0; n < t.entries.size(); ++n)
            if (const auto& e = t.entries[n]; e.filled || e.dropped)
                out << t.name << ' ' << n << ' ' << e.valid << e.large << e.global << e.user << e.writable << e.fragment << ' ' << e.page << ' ' << e.frame << ' '
                    << e.filled << ' ' << e.dropped << '\n';
    return out.str();
}

inline std::string text_of(const tools::view::Snapshot& s) {
    std::ostringstream out;
    out.precision(17);
    out << s.tick << ' ' << s.instructions << ' ' << s.events << ' ' << s.task << ' ' << s.profile << ' ' << s.note << '\n';
    out << s.registers.control.cr0 << ' ' << s.registers.control.cr3 << ' ' << s.registers.control.cr4 << '\n';
    for (const auto& name : s.spans) out << "span " << name << '\n';
    for (const auto& z : s.zones) out << "zone " << z.name << ' ' << z.walks << ' ' << z.fills << ' ' << z.refills << ' ' << z.cycles << '\n';
    for (const auto& r : s.regions) out << "region " << r.name << ' ' << r.walks << ' ' << r.fills << '\n';
    for (size_t n = 0; n < s.memory.bins.size(); ++n)
        if (const auto& b = s.memory.bins[n]; b.walks || b.fills) out << "bin " << n << ' ' << b.walks << ' ' << b.fills << ' ' << b.recent_walks << ' ' << b.recent_fills << '\n';
    out << "linear " << s.linear.root << ' ' << s.linear.slot_shift << '\n';
    for (size_t n = 0; n < s.linear.slots.size(); ++n)
        if (const auto& l = s.linear.slots[n]; l.content != tools::view::SlotContent::unknown || l.walks)
            out << "slot " << n << ' ' << static_cast<int>(l.content) << ' ' << l.user << l.writable << ' ' << l.mapped << ' ' << l.seen << ' ' << l.walks << ' ' << l.recent_walks << '\n';
    out << text_of(s.tlbs);
    for (const auto& f : s.flushes) out << "flush " << f.cause << ' ' << f.flushes << ' ' << f.dropping << '\n';
    out << "strips " << s.strips.first << ' ' << s.strips.interval << ' ' << s.strips.columns << '\n';
    for (const auto& z : s.strips.zones)
        for (size_t c = 0; c < s.strips.columns; ++c)
            if (z.walks[c]) out << "column " << c << ' ' << z.walks[c] << ' ' << z.cycles[c] << '\n';
    for (const auto& f : s.strips.flushes)
        for (size_t c = 0; c < s.strips.columns; ++c)
            if (f.flushes[c]) out << "column " << c << ' ' << f.cause << ' ' << f.flushes[c] << '\n';
    return out.str() + s.last.text + '\n';
}

}  // namespace tests
