// SPDX-License-Identifier: LGPL-2.1-or-later
// Signs and quotients of weighed charges.
#include "comparison.hpp"

#include <cmath>
#include <cstdio>
#include <limits>

#include "text_table.hpp"

namespace tools {
namespace {

double weigh(const Charges& charges, const std::array<double, charge_count>& prices) {
    double sum = 0;
    for (size_t i = 0; i < charge_count; ++i) sum += charges.times[i] * prices[i];
    return sum;
}

// The greatest (sign 1) or least (sign -1) a/b over all prices within their intervals, by Dinkelbach's method: for a quotient q
// that some prices reach, those that are best for a - q*b reach a better one, until none does.
double extreme_ratio(const Charges& a, const Charges& b, const Prices& prices, double sign, double start) {
    constexpr int enough = 64;  // it converges faster than Newton's method would
    double q = start;
    for (int step = 0; step < enough; ++step) {
        std::array<double, charge_count> chosen{};
        for (size_t i = 0; i < charge_count; ++i)
            chosen[i] = sign * (a.times[i] - q * b.times[i]) > 0 ? prices[i].high : prices[i].low;
        const double below = weigh(b, chosen);
        if (below <= 0) return sign > 0 ? std::numeric_limits<double>::infinity() : q;
        const double better = weigh(a, chosen) / below;
        if (sign * (better - q) <= 1e-12 * std::abs(q)) return q;
        q = better;
    }
    return q;
}

// A share, in percent.
std::string percent(double v) {
    if (!std::isfinite(v)) return "any";
    if (v < 1e-9) return "0";  // what is left of rounding
    if (v >= 1) return grouped(static_cast<uint64_t>(std::llround(100 * v)));
    char text[32];
    std::snprintf(text, sizeof text, v < 0.0005 ? "<0.1" : v < 0.0995 ? "%.1f" : "%.0f", 100 * v);
    return text;
}

}  // namespace

Comparison compare(const Interval& extra) {
    if (extra.low > 0) return Comparison::more;
    if (extra.high < 0) return Comparison::less;
    return extra.low == 0 && extra.high == 0 ? Comparison::equal : Comparison::unknown;
}

const char* verdict(Comparison c) {
    constexpr const char* names[] = {"faster", "same", "slower", "cannot tell"};
    return names[static_cast<size_t>(c)];
}

Interval ratio(const Charges& a, const Charges& b, const Prices& prices) {
    const double below = cycles(b, prices).best;
    if (below <= 0) return {0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
    const double best = cycles(a, prices).best / below;
    return {extreme_ratio(a, b, prices, -1, best), best, extreme_ratio(a, b, prices, 1, best)};
}

std::string share_text(const Interval& of_b) {
    const double low = of_b.low - 1, high = of_b.high - 1;
    const auto range = [](double from, double to) {
        const std::string less = percent(from), more = percent(to);
        return (less == more ? less : less + "-" + more) + " %";
    };
    if (low >= 0) return range(low, high);
    if (high <= 0) return range(-high, -low);
    return percent(-low) + " % less to " + percent(high) + " % more";
}

}  // namespace tools
