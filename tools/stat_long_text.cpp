// SPDX-License-Identifier: LGPL-2.1-or-later
// `stat` for people: long mode, of a guest that used it.
#include <ostream>

#include "stat_output.hpp"
#include "text_table.hpp"

namespace tools {

void print_long_mode(const Statistics& s, std::ostream& out) {
    const LongModeStatistics& l = s.long_mode;
    if (!l.used()) return;
    out << "\nlong mode (64-bit paging): ";
    if (l.instructions) out << grouped(l.instructions) << " of the instructions, " << percent(l.instructions, s.total.events.instructions) << ". ";
    out << "NOT MODELLED: no lookups, walks or their cycles below\n"
           "  are of it, and missing flushes were not searched for; Bochs' own walks, which are among those observed:\n";
    std::vector<TextTable::Column> columns{{"walks"}, {"faulted"}, {"to 4 KiB"}, {"2 MiB"}, {"1 GiB"}};
    std::vector<std::string> row{grouped(l.walks), grouped(l.faulted), grouped(l.fills[0]), grouped(l.fills[1]), grouped(l.fills[2])};
    for (unsigned level = mm::most_long_levels; level-- > 0;) {
        if (l.reads[level] == 0) continue;
        columns.push_back({std::string{LongModeStatistics::entries[level]} + " read"}), columns.push_back({"written"});
        row.push_back(grouped(l.reads[level])), row.push_back(grouped(l.written[level]));
    }
    TextTable table{columns};
    table.row(row);
    table.print(out, 2);
}

}  // namespace tools
