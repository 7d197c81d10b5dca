// SPDX-License-Identifier: LGPL-2.1-or-later
// Averages of facts, weighed.
#include "cycles.hpp"

namespace tools::claims {

Charges charges_each(const SpanFacts& s) {
    const Charges all = charges_of(s.events, s.walks);
    return s.count ? all / static_cast<double>(s.count) : all;
}

Interval cycles_each(const SpanFacts& span, const Profile& costs) { return cycles(charges_each(span), prices_of(costs)); }

Interval extra_cycles(const SpanFacts& a, const SpanFacts& b, const Profile& costs) {
    return cycles(charges_each(a) - charges_each(b), prices_of(costs));
}

Comparison compare(const SpanFacts& a, const SpanFacts& b, const Profile& costs) { return compare(extra_cycles(a, b, costs)); }

}  // namespace tools::claims
