// SPDX-License-Identifier: LGPL-2.1-or-later
// Weighs the same charges with one figure moved at a time.
#include "sensitivity.hpp"

#include <algorithm>

namespace tools {
namespace {

void pin(Figure& f, double value) { f.low = f.best = f.high = value; }

}  // namespace

std::vector<Influence> influences(const Charges& charges, const Profile& profile) {
    const LineRecency::Limits limits = line_limits(profile);
    Profile pinned = profile;
    for (const FigureKey& key : figure_keys) pin(pinned.*key.at, (profile.*key.at).best);
    std::vector<Influence> all;
    for (const FigureKey& key : figure_keys) {
        const Figure& figure = profile.*key.at;
        Profile moved = pinned;
        const auto with = [&](double value) {
            pin(moved.*key.at, value);
            return cycles(charges, prices_of(moved, limits)).best;
        };
        const double low = with(figure.low), best = with(figure.best), high = with(figure.high);
        Influence influence{&key, figure, low, high, std::max({low, best, high}) - std::min({low, best, high})};
        if (influence.width <= 0) continue;
        const bool lines = key.at == &Profile::l1_lines || key.at == &Profile::l2_lines;  // all others enter as a factor
        if (!lines && low * high < 0) influence.turns_at = figure.low + (figure.high - figure.low) * low / (low - high);
        all.push_back(std::move(influence));
    }
    std::stable_sort(all.begin(), all.end(), [](const Influence& a, const Influence& b) { return a.width > b.width; });
    return all;
}

std::string name_of(const Influence& i) {
    return std::string{i.key->table} + "." + i.key->key + (i.figure.assumed() ? " (assumed)" : "");
}

}  // namespace tools
