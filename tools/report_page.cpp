// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the page's parts and fills the gaps of page.html.
#include "report_page.hpp"

#include <fstream>
#include <iterator>
#include <ostream>

#include <nlohmann/json.hpp>

#include "error.hpp"
#include "paths.hpp"

namespace tools {
namespace {

namespace fs = std::filesystem;

// The charts stand in the page in this order.
constexpr const char* scripts[] = {
    "format.js", "theme.js", "table.js", "interval_bars.js", "charts.js", "operation_chart.js", "zone_charts.js", "cause_charts.js",
    "time_charts.js", "memory_chart.js", "timeline_chart.js", "share_charts.js", "chart_box.js", "page.js",
};

std::string read(const fs::path& file, const std::string& what_to_do) {
    std::ifstream in{file, std::ios::binary};
    if (!in) throw Failure{file.string(), what_to_do};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::string summary_html(const std::vector<SummaryPart>& summary) {
    std::string html;
    for (const SummaryPart& part : summary) {
        html += std::string{part.warns ? "<section class=\"warns\">" : "<section>"} + "<h3>" + html_text(part.title) + "</h3>\n<ul>\n";
        for (const std::string& sentence : part.sentences) html += "<li>" + html_text(sentence) + "</li>\n";
        html += "</ul></section>\n";
    }
    return html;
}

}  // namespace

std::string html_text(const std::string& text) {
    std::string html;
    for (const char c : text) switch (c) {
            case '&': html += "&amp;"; break;
            case '<': html += "&lt;"; break;
            case '>': html += "&gt;"; break;
            case '"': html += "&quot;"; break;
            case '\'': html += "&#39;"; break;
            default: html += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? ' ' : c;
        }
    return html;
}

std::string json_block(const nlohmann::ordered_json& data) {
    // Bytes that are no UTF-8 are replaced: names come from the guest.
    const std::string text = data.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    std::string block;
    block.reserve(text.size() + text.size() / 64);
    for (const char c : text)
        if (c == '<') block += "\\u003c";
        else block += c;
    return block;
}

PageParts read_page_parts() {
    const Paths& p = paths();
    const std::string again = "cannot be read; build or install zonescope again";
    PageParts parts{read(p.report / "page.html", again), read(p.report / "style.css", again), {},
                    read(p.chart_library, "the chart library is missing; run `make` where there is npm, or configure "
                        "--with-echarts=FILE (README.md, Reports)")};
    for (const char* script : scripts) parts.script += read(p.report / script, again);
    return parts;
}

void write_page(const PageParts& parts, const std::string& title, const std::vector<SummaryPart>& summary,
                const nlohmann::ordered_json& data, std::ostream& out) {
    const std::pair<std::string, std::string> gaps[] = {
        {"title", html_text(title)}, {"style", parts.style},     {"summary", summary_html(summary)},
        {"data", json_block(data)},  {"library", parts.library}, {"script", parts.script},
    };
    // `@zonescope:NAME@`; what is filled in is not looked at again.
    const std::string mark = "@zonescope:";
    size_t from = 0;
    for (size_t at; (at = parts.page.find(mark, from)) != std::string::npos;) {
        const size_t name = at + mark.size(), end = parts.page.find('@', name);
        out << parts.page.substr(from, at - from);
        for (const auto& [gap, text] : gaps)
            if (parts.page.compare(name, end - name, gap) == 0) out << text;
        from = end + 1;
    }
    out << parts.page.substr(from);
}

}  // namespace tools
