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
};

// Judges the claim by the evidence, if the evidence has what the claim needs.
[[nodiscard]] Result run_experiment(const Claim& claim, const Evidence& evidence);

void print(const Result& result, std::ostream& out);

// {"id", "verdict", "measured", "published", ...}: doc/json.md.
[[nodiscard]] nlohmann::ordered_json json_of(const Result& result);

}  // namespace tools::claims
