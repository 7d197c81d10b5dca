// SPDX-License-Identifier: LGPL-2.1-or-later
// How a verdict follows from the measurements: a claim is taken apart into statements that counts or cycles can answer.
//
//   a core statement is not so      -> does not hold
//   else a core one is undecided    -> cannot tell
//   else a limit is not so, or undecided       -> holds with limits
//   else                            -> holds
//
// A note says what else was seen and decides nothing.
#pragma once

#include <string>
#include <vector>

#include "cycles.hpp"

namespace tools::claims {

enum class Verdict : uint8_t { holds, holds_with_limits, does_not_hold, cannot_tell };
enum class Answer : uint8_t { yes, no, unknown };
enum class Weight : uint8_t {
    core,   // what the claim says itself
    limit,  // what must be so for the claim to hold everywhere, as it stands
    note,
};

struct Statement {
    Weight weight;
    Answer answer;
    std::string text;  // with the numbers that decided
};

[[nodiscard]] const char* name(Verdict v);  // "holds with limits"
[[nodiscard]] const char* name(Answer a);   // "yes"
[[nodiscard]] const char* name(Weight w);   // "core"

// Assumes at least one core statement.
[[nodiscard]] Verdict verdict_of(const std::vector<Statement>& statements);

constexpr Answer answer(bool so) { return so ? Answer::yes : Answer::no; }

// Whether `a` is certainly dearer than `b`; equal is no, and costs that decide make it unknown.
constexpr Answer dearer(Comparison a_against_b) {
    if (a_against_b == Comparison::unknown) return Answer::unknown;
    return answer(a_against_b == Comparison::more);
}

constexpr Answer cheaper(Comparison a_against_b) {
    if (a_against_b == Comparison::unknown) return Answer::unknown;
    return answer(a_against_b == Comparison::less);
}

}  // namespace tools::claims
