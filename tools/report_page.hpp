// SPDX-License-Identifier: LGPL-2.1-or-later
// Puts a report's page together: one HTML file that needs nothing else.
//
//   page.html + style.css + *.js (tools/report) + the chart library + summary in words + data --> FILE.html
#pragma once

#include <iosfwd>
#include <string>

#include "report_data.hpp"
#include "report_summary.hpp"

namespace tools {

// The texts of tools/report, its scripts one after the other, and the chart library.
struct PageParts {
    std::string page, style, script, library;
};

// Throws Failure if one is missing: without the chart library there is no report, and the message says how to get it.
[[nodiscard]] PageParts read_page_parts();

void write_page(const PageParts& parts, const std::string& title, const std::vector<SummaryPart>& summary,
                const nlohmann::ordered_json& data, std::ostream& out);

// Text of a guest's, for HTML: as an element's content or a quoted attribute.
[[nodiscard]] std::string html_text(const std::string& text);

// For the page's block of JSON: no `<`, so that nothing in it can end the block.
[[nodiscard]] std::string json_block(const nlohmann::ordered_json& data);

}  // namespace tools
