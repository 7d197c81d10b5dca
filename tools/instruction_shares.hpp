// SPDX-License-Identifier: LGPL-2.1-or-later
// The instructions' shares of everything that is counted: the functions' (shares.hpp), one level finer. They add up to the same whole.
#pragma once

#include <unordered_map>

#include "shares.hpp"

namespace tools {

struct InstructionShare {
    uint32_t ip{};
    bool user{};                            // executed at CPL 3
    ShareStatistics share;                  // without a name
};

// Memory is bounded by the guest's code that misses, not by the trace's length, and in any case by `most` addresses.
class InstructionShares final {
public:
    static constexpr size_t most = size_t{1} << 20;

    // `most_addresses`: for tests.
    explicit InstructionShares(size_t profiles, size_t most_addresses = most);

    [[nodiscard]] ShareStatistics& of(uint32_t ip, bool user);
    [[nodiscard]] ShareStatistics& other() { return other_; }  // of events without an instruction
    // Of the instructions that there was no room for.
    [[nodiscard]] const ShareStatistics& beyond() const { return beyond_; }

    // Those of the kernel by address, then those of programs. Nothing is left here but other() and beyond().
    [[nodiscard]] std::vector<InstructionShare> take();

private:
    const size_t profiles_, most_;
    std::unordered_map<uint64_t, ShareStatistics> shares_;
    ShareStatistics other_, beyond_;
};

}  // namespace tools
