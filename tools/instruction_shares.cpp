// SPDX-License-Identifier: LGPL-2.1-or-later
// Shares by instruction.
#include "instruction_shares.hpp"

#include <algorithm>

namespace tools {
namespace {

ShareStatistics nothing(size_t profiles) { return {{}, 0, {}, 0, std::vector<WalkCounts>(profiles)}; }

}  // namespace

InstructionShares::InstructionShares(size_t profiles, size_t most_addresses)
    : profiles_{profiles}, most_{most_addresses}, other_{nothing(profiles)}, beyond_{nothing(profiles)} {}

ShareStatistics& InstructionShares::of(uint32_t ip, bool user) {
    const uint64_t key = uint64_t{user} << 32 | ip;
    const auto known = shares_.find(key);
    if (known != shares_.end()) return known->second;
    return shares_.size() == most_ ? beyond_ : shares_.emplace(key, nothing(profiles_)).first->second;
}

std::vector<InstructionShare> InstructionShares::take() {
    std::vector<InstructionShare> all;
    all.reserve(shares_.size());
    for (auto& [key, share] : shares_) all.push_back({static_cast<uint32_t>(key), key >> 32 != 0, std::move(share)});
    shares_.clear();
    std::sort(all.begin(), all.end(), [](const InstructionShare& a, const InstructionShare& b) { return a.user != b.user ? b.user : a.ip < b.ip; });
    return all;
}

}  // namespace tools
