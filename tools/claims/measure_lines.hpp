// SPDX-License-Identifier: LGPL-2.1-or-later
// What the guest measured itself and said on its console: lines `measure: NAME VALUE UNIT` (doc/workloads.md).
#pragma once

#include <stdint.h>

#include <string>
#include <vector>

namespace tools::claims {

struct Measure {
    std::string name;
    uint64_t value{};
    std::string unit;
    friend bool operator==(const Measure&, const Measure&) = default;
};

// The measures among a console's lines, in their order. Throws Failure naming the line if one is not NAME VALUE UNIT with
// a whole decimal VALUE: a number that is lost unseen could decide a claim.
[[nodiscard]] std::vector<Measure> measures_in(const std::vector<std::string>& console);

}  // namespace tools::claims
