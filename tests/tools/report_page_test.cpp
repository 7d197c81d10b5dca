// SPDX-License-Identifier: LGPL-2.1-or-later
// A report's page as text: what comes from a guest stays text.
#include <gtest/gtest.h>

#include <sstream>

#include <nlohmann/json.hpp>

#include "tools/report_page.hpp"

namespace {

using nlohmann::ordered_json;
using namespace tools;

const std::string evil = "</script><script>alert(1)</script><!-- & \"'";

TEST(ReportPage, TextIsNoMarkup) {
    EXPECT_EQ(html_text("a<b & \"c\" 'd' >"), "a&lt;b &amp; &quot;c&quot; &#39;d&#39; &gt;");
    EXPECT_EQ(html_text(std::string{"a\0\x1b[m\nb", 7}), "a  [m\nb") << "control characters are none of HTML's";
}

TEST(ReportPage, NothingInTheDataEndsItsBlock) {
    const std::string block = json_block({{evil, evil}, {"bytes", "\xff\xfe"}});
    EXPECT_EQ(block.find('<'), std::string::npos) << block;
    EXPECT_EQ(ordered_json::parse(block)[evil], evil);
}

TEST(ReportPage, EachGapIsFilledOnceAndNotLookedAtAgain) {
    std::ostringstream out;
    const PageParts parts{"<t>@zonescope:title@</t>@zonescope:style@|@zonescope:summary@|@zonescope:data@|@zonescope:library@|@zonescope:script@.", "S", "J", "L"};
    write_page(parts, "@zonescope:script@" + evil, {{"T", {evil}, false}}, {{"a", 1}}, out);
    const std::string page = out.str(), text = html_text(evil);
    EXPECT_EQ(page, "<t>@zonescope:script@" + text + "</t>S|<section><h3>T</h3>\n<ul>\n<li>" + text + "</li>\n</ul></section>\n|{\"a\":1}|L|J.");
}

}  // namespace
