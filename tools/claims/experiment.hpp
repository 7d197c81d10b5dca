// SPDX-License-Identifier: LGPL-2.1-or-later
// One claim's experiment: whether it ran, what it found, and the two forms in which that is shown.
#pragma once

#include <iosfwd>

#include "claim.hpp"

namespace tools::claims {

struct Result {
    const Claim* claim;
    bool ran = false;
    std::string problem{};  // why it did not
    Findings findings{};
    Verdict verdict{};
    std::string profile{};
    std::vector<Result> others{};  // by the other profiles
};

// Judges the claim by the evidence, if the evidence has what the claim needs.
[[nodiscard]] Result run_experiment(const Claim& claim, const Evidence& evidence);

// The same by each profile. The first one's result has the others'.
[[nodiscard]] Result run_experiment(const Claim& claim, const std::vector<Evidence>& evidence, const std::vector<std::string>& profiles);

// "holds", "could not run".
[[nodiscard]] const char* verdict_name(const Result& result);
// "holds; cannot tell by p4 k7".
[[nodiscard]] std::string verdicts_text(const Result& result);

void print(const Result& result, std::ostream& out);

// {"id", "verdict", "measured", "published", ...}: doc/json.md.
[[nodiscard]] nlohmann::ordered_json json_of(const Result& result);

}  // namespace tools::claims
