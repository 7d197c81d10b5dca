// SPDX-License-Identifier: LGPL-2.1-or-later
// A report in words: what was recorded, where the time goes, which recording is cheaper and whether that is certain, what is
// wrong or missing, how to read the rest. Each sentence follows from the counts.
#pragma once

#include <string>
#include <vector>

#include "report_data.hpp"

namespace tools {

struct SummaryPart {
    std::string title;
    std::vector<std::string> sentences;  // plain text: names of the guest's are in it as they are
    bool warns = false;                  // what it says, a reader must not miss
};

// Parts without sentences are left out. About the first profile of the first recording, which the words name.
[[nodiscard]] std::vector<SummaryPart> report_summary(const Report& report);

}  // namespace tools
