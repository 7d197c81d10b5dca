// SPDX-License-Identifier: LGPL-2.1-or-later
// Verdicts from statements.
#include "verdict.hpp"

#include <algorithm>

namespace tools::claims {

const char* name(Verdict v) {
    constexpr const char* names[] = {"holds", "holds with limits", "does not hold", "cannot tell"};
    return names[static_cast<size_t>(v)];
}

const char* name(Answer a) {
    constexpr const char* names[] = {"yes", "no", "unknown"};
    return names[static_cast<size_t>(a)];
}

const char* name(Weight w) {
    constexpr const char* names[] = {"core", "limit", "note"};
    return names[static_cast<size_t>(w)];
}

Verdict verdict_of(const std::vector<Statement>& statements) {
    const auto any = [&](Weight w, Answer a) {
        return std::any_of(statements.begin(), statements.end(),
                           [=](const Statement& s) { return s.weight == w && s.answer == a; });
    };
    if (any(Weight::core, Answer::no)) return Verdict::does_not_hold;
    if (any(Weight::core, Answer::unknown)) return Verdict::cannot_tell;
    return any(Weight::limit, Answer::no) || any(Weight::limit, Answer::unknown) ? Verdict::holds_with_limits : Verdict::holds;
}

}  // namespace tools::claims
