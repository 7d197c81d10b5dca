// SPDX-License-Identifier: LGPL-2.1-or-later
// doc/trace-format.md says every field of every event as the event table does. ZONESCOPE_SOURCE_DIR names the source tree.
#include <gtest/gtest.h>

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "mm/trace.hpp"

namespace {

using namespace mm::trace;

std::string row(const Field& f) {
    std::string bits = f.bits ? std::to_string(f.bits) : "text";
    if (f.length) bits += std::string(" × ") + (std::isdigit(static_cast<unsigned char>(f.length[0])) ? f.length : "`" + std::string(f.length) + "`");
    std::string meaning = f.meaning;
    for (int i = 0; f.labels && f.labels[i]; ++i) meaning += (i ? ", " : " (") + std::to_string(i) + " " + f.labels[i];
    return "| `" + std::string(f.name) + "` | " + bits + " | " + meaning + (f.labels ? ")" : "") + " |\n";
}

TEST(TraceDoc, HasEveryEventAndField) {
    const char* source = std::getenv("ZONESCOPE_SOURCE_DIR");
    ASSERT_NE(source, nullptr) << "set ZONESCOPE_SOURCE_DIR to the source tree";
    std::ifstream file(std::string(source) + "/doc/trace-format.md");
    ASSERT_TRUE(file) << source << "/doc/trace-format.md cannot be read";
    std::stringstream text;
    text << file.rdbuf();
    for (const EventKind& k : kinds) {
        std::string section = "### " + std::to_string(static_cast<unsigned>(k.id)) + " `" + k.name + "`\n\n" + k.meaning +
                              ".\n\n| field | bits | meaning |\n|---|---|---|\n";
        for (unsigned i = 0; i < k.field_count; ++i) section += row(k.fields[i]);
        EXPECT_NE(text.str().find(section), std::string::npos) << "doc/trace-format.md lacks:\n" << section;
    }
    EXPECT_NE(text.str().find("# The trace format, version " + std::to_string(version) + "\n"), std::string::npos);
}

}  // namespace
