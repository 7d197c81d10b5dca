// SPDX-License-Identifier: LGPL-2.1-or-later
// Which of a profile's figures leave most open: the width that each alone gives a sum of cycles, or a difference.
#pragma once

#include <optional>
#include <vector>

#include "cost_model.hpp"
#include "profile_keys.hpp"

namespace tools {

// One figure, moved through its interval while all others stay at their best values.
struct Influence {
    const FigureKey* key;
    Figure figure;
    double at_low, at_high;            // cycles with the figure at either end
    double width;                      // between the least and the most
    std::optional<double> turns_at{};  // the figure's value at which the cycles change their sign, if they do
};

// Largest first; figures without influence are left out. If nothing but products of one figure and a count were in the sum, the
// widths would sum to its interval's; the numbers of lines, which decide how often l1, l2 and memory are paid, make that inexact.
[[nodiscard]] std::vector<Influence> influences(const Charges& charges, const Profile& profile);

// "cost.mov_cr3 (assumed)".
[[nodiscard]] std::string name_of(const Influence& influence);

}  // namespace tools
