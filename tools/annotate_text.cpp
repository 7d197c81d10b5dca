// SPDX-License-Identifier: LGPL-2.1-or-later
// `annotate` for people: a table of functions, then instructions with their counts beside them.
#include <algorithm>
#include <cstdio>
#include <ostream>

#include "annotate_output.hpp"
#include "stat_names.hpp"
#include "terminal.hpp"
#include "text_table.hpp"

namespace tools {
namespace {

constexpr size_t most_rows = 24, longest_name = 44, longest_code = 72;
constexpr size_t shown_around = 2;       // instructions without counts around one that has some
constexpr double hot = 0.1;              // of a function's walks: printed in bold

std::string shortened(const std::string& text, size_t most) { return text.size() <= most ? text : text.substr(0, most - 3) + "..."; }

// A count for a column that is mostly empty.
std::string some(uint64_t count) { return count ? grouped(count) : ""; }

std::string cycles_of(const Statistics& s, const ShareStatistics& share) {
    return s.profiles.empty() ? "" : interval_text(walk_cycles(share.walks[0], s.profiles[0]));
}

bool matters(const Statistics& s, const ShareStatistics& share) {
    return (!s.profiles.empty() && share.walks[0].walks) || share.events.page_faults || share.events.cr3_writes || share.events.invlpg;
}

void add_row(TextTable& table, const Statistics& s, const ShareStatistics& share) {
    const EventCounts& e = share.events;
    table.row({shortened(share.name, longest_name), s.profiles.empty() ? "" : grouped(share.walks[0].walks), cycles_of(s, share), grouped(e.page_faults),
               grouped(e.cr3_writes), grouped(e.invlpg)});
}

void print_functions(const Statistics& s, const Annotation& a, std::ostream& out) {
    const std::string profile = s.profiles.empty() ? "" : " " + s.profiles[0].name;
    out << "functions: who walked, faulted and flushed; elsewhere: events that no instruction is known for\n";
    TextTable table{{{"function", Align::left}, {"walks" + profile}, {"walk cycles"}, {"page faults"}, {"CR3 writes"}, {"INVLPG"}}};
    size_t shown = 0, more = 0;
    for (const AnnotatedFunction& f : a.functions)
        if (!matters(s, f.share)) continue;
        else if (shown == most_rows) ++more;
        else add_row(table, s, f.share), ++shown;
    add_row(table, s, a.elsewhere), add_row(table, s, a.total);
    table.print(out, 2);
    if (more) out << "  and " << grouped(more) << " more: --json has all of them\n";
    if (const uint64_t beyond = a.beyond.observed_fills + (s.profiles.empty() ? 0 : a.beyond.walks[0].walks); beyond)
        out << "  " << grouped(beyond) << " walks are of more instructions than can be told apart, " << grouped(InstructionShares::most) << "; they are elsewhere\n";
}

// Which lines are printed: with `all`, every one.
std::vector<bool> shown(const std::vector<AnnotatedLine>& lines, bool all) {
    std::vector<bool> show(lines.size(), all);
    for (size_t i = 0; i < lines.size(); ++i) {
        if (!lines[i].share) continue;
        for (size_t k = i - std::min(i, shown_around); k <= std::min(lines.size() - 1, i + shown_around); ++k) show[k] = true;
    }
    return show;
}

std::string heading(const Statistics& s, const AnnotatedFunction& f) {
    std::string text = f.share.name + ": ";
    if (f.bytes) text += hexadecimal(f.start) + " to " + hexadecimal(f.start + f.bytes) + "; ";
    if (!s.profiles.empty()) text += grouped(f.share.walks[0].walks) + " walks, " + cycles_of(s, f.share) + " cycles; ";
    return text + grouped(f.share.events.page_faults) + " page faults, " + grouped(f.share.events.cr3_writes) + " CR3 writes, " + grouped(f.share.events.invlpg) + " INVLPG";
}

class CodePrinter final {
public:
    CodePrinter(const Statistics& s, const AnnotatedFunction& f, bool colours, std::ostream& out) : s_{s}, f_{f}, colours_{colours}, out_{out} {}

    void titles() const { out_ << "       walks   walk cycles    faults   flushes   address   instruction\n"; }

    void print(const AnnotatedLine& line) {
        if (line.source && line.source != before_) out_ << std::string(code_column, ' ') << shortened(place_of(*line.source) + (line.source_text.empty() ? "" : ": " + line.source_text), longest_code) << '\n';
        const std::string counts = line.share ? counts_of(*line.share) : std::string(counts_width, ' ');
        std::string text = line.instruction.text.empty() ? "(no such instruction in the file)" : line.instruction.text;
        if (no_code) text.clear();
        if (!line.target.empty()) text += " <" + line.target + ">";
        std::string whole = counts + "  " + hexadecimal(line.instruction.address) + "   " + text;
        if (line.source) before_ = line.source;
        whole.erase(whole.find_last_not_of(' ') + 1);
        out_ << (is_hot(line) ? styled(whole, Style::bold, colours_) : whole) << '\n';
    }

    void skipped(size_t count) { out_ << std::string(code_column - 10, ' ') << "... " << count << (count == 1 ? " instruction" : " instructions") << '\n'; }

    bool no_code = false;

private:
    static constexpr size_t counts_width = 46, code_column = counts_width + 13;

    std::string counts_of(const ShareStatistics& share) const {
        const EventCounts& e = share.events;
        char text[96];
        std::snprintf(text, sizeof text, "%12s  %12s  %8s  %8s", s_.profiles.empty() ? "" : some(share.walks[0].walks).c_str(),
                      s_.profiles.empty() || share.walks[0].walks == 0 ? "" : rounded(walk_cycles(share.walks[0], s_.profiles[0]).best).c_str(), some(e.page_faults).c_str(),
                      some(e.cr3_writes + e.invlpg).c_str());
        return text;
    }
    // "mm/kmap.hpp:32": the JSON has the whole path.
    static std::string place_of(const SourceLine& line) {
        const std::filesystem::path file = line.file;
        return (file.parent_path().filename() / file.filename()).string() + ":" + std::to_string(line.line);
    }
    bool is_hot(const AnnotatedLine& line) const {
        return line.share && !s_.profiles.empty() && static_cast<double>(line.share->walks[0].walks) > hot * static_cast<double>(f_.share.walks[0].walks);
    }

    const Statistics& s_;
    const AnnotatedFunction& f_;
    const bool colours_;
    std::ostream& out_;
    std::optional<SourceLine> before_;
};

void print_code(const Statistics& s, const AnnotatedFunction& f, CodeView& code, bool all, std::ostream& out) {
    out << '\n' << bold(heading(s, f)) << '\n';
    const std::string why_no_code = code.why_no_code(f);
    if (!why_no_code.empty()) out << why_no_code << '\n';
    const std::vector<AnnotatedLine> lines = code.lines(f);
    const std::vector<bool> show = shown(lines, all);
    CodePrinter printer{s, f, colours(), out};
    printer.no_code = !why_no_code.empty();
    printer.titles();
    size_t left_out = 0;
    for (size_t i = 0; i < lines.size(); ++i) {
        if (!show[i]) {
            ++left_out;
            continue;
        }
        if (left_out) printer.skipped(left_out);
        left_out = 0;
        printer.print(lines[i]);
    }
    if (left_out) printer.skipped(left_out);
}

}  // namespace

void print_annotation(const Statistics& s, const Annotation& a, const std::vector<AnnotatedFunction>& functions, CodeView& code, const AnnotateChoice& choice,
                      std::ostream& out) {
    if (!choice.named) print_functions(s, a, out);
    size_t printed = 0;
    for (const AnnotatedFunction& f : functions) {
        if (!choice.named && (printed == choice.most_code || f.symbol == Symbols::none)) continue;  // without a name there is no code to show
        print_code(s, f, code, choice.named || choice.all, out), ++printed;
    }
    out << "\nwalks and their cycles, best (low-high): of profile " << (s.profiles.empty() ? "none" : s.profiles[0].name)
        << "; flushes: CR3 writes and INVLPG. More: man zonescope-annotate.\n";
}

}  // namespace tools
