// SPDX-License-Identifier: LGPL-2.1-or-later
// `stat` for people: the tasks and the functions that cost most.
#include <algorithm>
#include <ostream>

#include "stat_output.hpp"
#include "text_table.hpp"

namespace tools {
namespace {

constexpr size_t most_rows = 12, longest_name = 44;

void add(ShareStatistics& into, const ShareStatistics& more) {
    into.events += more.events;
    into.observed_fills += more.observed_fills;
    for (size_t p = 0; p < into.walks.size(); ++p) into.walks[p] += more.walks[p];
}

std::string shortened(const std::string& name) { return name.size() <= longest_name ? name : name.substr(0, longest_name - 3) + "..."; }

// Of many tasks with one name, the sum.
std::vector<ShareStatistics> by_name(const std::vector<ShareStatistics>& tasks) {
    std::vector<ShareStatistics> sums;
    for (const ShareStatistics& task : tasks) {
        const auto known = std::find_if(sums.begin(), sums.end(), [&](const ShareStatistics& s) { return s.name == task.name; });
        if (known != sums.end()) add(*known, task), ++known->id;
        else sums.push_back(task), sums.back().id = 1;
    }
    return sums;
}

// The largest by cycles of the first profile, what is left, and `other`.
void print(const Statistics& s, std::vector<ShareStatistics> all, const std::string& title, const std::string& counted, bool instructions, std::ostream& out) {
    ShareStatistics other = std::move(all.back());
    all.pop_back();
    std::stable_sort(all.begin(), all.end(), [&](const ShareStatistics& a, const ShareStatistics& b) { return s.cycles(a, 0).best > s.cycles(b, 0).best; });
    if (all.size() > most_rows + 1) {
        ShareStatistics rest = all[most_rows];
        rest.name = std::to_string(all.size() - most_rows) + " more", rest.id = 0;
        for (size_t i = most_rows + 1; i < all.size(); ++i) add(rest, all[i]);
        all.resize(most_rows);
        all.push_back(std::move(rest));
    }
    all.push_back(std::move(other));
    const std::string& profile = s.profiles[0].name;
    std::vector<TextTable::Column> columns{{title, Align::left}};
    if (!counted.empty()) columns.push_back({counted});
    if (instructions) columns.push_back({"instructions"});
    columns.insert(columns.end(), {{"Bochs fills"}, {"page faults"}, {"CR3 writes"}, {"INVLPG"}, {"walks " + profile}, {"walk cycles"}, {"cycles " + profile}});
    TextTable table{columns};
    for (const ShareStatistics& share : all) {
        std::vector<std::string> row{shortened(share.name)};
        if (!counted.empty()) row.push_back(share.id && share.name != "other" ? grouped(share.id) : "");
        if (instructions) row.push_back(grouped(share.events.instructions));
        row.insert(row.end(), {grouped(share.observed_fills), grouped(share.events.page_faults), grouped(share.events.cr3_writes), grouped(share.events.invlpg),
                               grouped(share.walks[0].walks), rounded(walk_cycles(share.walks[0], s.profiles[0]).best), rounded(s.cycles(share, 0).best)});
        table.row(row);
    }
    table.print(out, 2);
}

}  // namespace

void print_shares(const Statistics& s, std::ostream& out) {
    if (s.profiles.empty()) return;
    if (s.run.tasks) {
        out << "\ntasks: by name; other: before the kernel had tasks. All of them, with their pids: --json\n";
        print(s, by_name(s.tasks), "task", "tasks", true, out);
    } else if (s.tasks.size() > 2) {
        out << "\naddress spaces: by CR3, since nothing tells the tasks; cycles without those of instructions. All of them: --json\n";
        print(s, s.tasks, "CR3", "", false, out);
    }
    if (s.functions.empty()) return;
    out << "\nfunctions: who walked, faulted and flushed; cycles without those of instructions. [user]: programs without names; other: not known. All: --json\n";
    print(s, s.functions, "function", "", false, out);
}

}  // namespace tools
