// SPDX-License-Identifier: LGPL-2.1-or-later
// Numbers as the viewer writes them.
#include "number_text.hpp"

#include <cmath>
#include <cstdio>

namespace tools::view {
namespace {

template <class... Args>
std::string print(const char* format, Args... args) {
    char text[40];
    std::snprintf(text, sizeof text, format, args...);
    return text;
}

}  // namespace

std::string grouped(uint64_t n) {
    std::string text = std::to_string(n);
    for (size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, ',');
    return text;
}

std::string shortened(double n) {
    static constexpr const char* units[] = {"", " k", " M", " G", " T", " P", " E"};
    if (n < 1000) return n == std::floor(n) ? print("%.0f", n) : print(n < 10 ? "%.2f" : n < 99.95 ? "%.1f" : "%.0f", n);
    unsigned unit = 0;
    while (n >= 999.5 && unit + 1 < sizeof units / sizeof *units) n /= 1000, ++unit;
    std::string digits = print(n < 9.995 ? "%.2f" : n < 99.95 ? "%.1f" : "%.0f", n);
    if (digits.find('.') != std::string::npos) {
        while (digits.back() == '0') digits.pop_back();
        if (digits.back() == '.') digits.pop_back();
    }
    return digits + units[unit];
}

std::string bytes_text(uint64_t bytes) {
    static constexpr const char* units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    unsigned unit = 0;
    double n = static_cast<double>(bytes);
    while (n >= 1024 && unit + 1 < sizeof units / sizeof *units) n /= 1024, ++unit;
    return print(n == std::floor(n) ? "%.0f %s" : "%.1f %s", n, units[unit]);
}

std::string hex_address(uint64_t address) { return print("%08llx", static_cast<unsigned long long>(address)); }
std::string hex_number(uint64_t n) { return print("0x%llx", static_cast<unsigned long long>(n)); }

std::string percent_text(double share) { return std::to_string(static_cast<int>(share * 100)) + " %"; }

double nice_step(double span, int parts) {
    if (!(span > 0) || parts < 1) return 1;
    const double least = span / parts, power = std::pow(10, std::floor(std::log10(least)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= least) return std::max(1.0, factor * power);
    return std::max(1.0, 10 * power);
}

}  // namespace tools::view
