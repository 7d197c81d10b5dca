// SPDX-License-Identifier: LGPL-2.1-or-later
// A claim and its experiment, as data: what is said, which recordings it needs, and a pure function from their facts to
// tables and statements.
#pragma once

#include <string>
#include <vector>

#include "evidence.hpp"
#include "table.hpp"
#include "verdict.hpp"

namespace tools::claims {

// A recording that a claim needs. Claims that name the same machine share one recording with the workloads of all.
struct Need {
    Machine machine;
    std::vector<std::string> workloads{};  // none: booting is enough
    bool may_fail = false;                 // that the guest gives up, with a message, is a result, too
};

// A figure of somebody else, for comparison.
struct Published {
    std::string what, figure, source;
};

struct Findings {
    std::vector<Table> tables;
    std::vector<Statement> statements;
};

struct Claim {
    const char* id;
    const char* sentence;  // what is said
    const char* method;    // what the experiment does
    std::vector<Need> needs;
    std::vector<Published> published;
    Findings (*judge)(const Evidence& evidence);  // throws Failure if the recordings lack something
};

// All claims, in the order in which they are printed.
[[nodiscard]] const std::vector<Claim>& catalogue();

// Claims that are known but have no experiment yet: id and why.
struct LaterClaim {
    const char* id;
    const char* why;
};
inline constexpr LaterClaim later_claims[] = {{"bits-64", "its long-mode kernel comes in a later version"}};

}  // namespace tools::claims
