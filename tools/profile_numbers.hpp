// SPDX-License-Identifier: LGPL-2.1-or-later
// A recording's profiles are numbered; what is read of it may be about some of them, in another order.
#pragma once

#include <stdint.h>

#include <vector>

#include "profile.hpp"
#include "run_info.hpp"

namespace tools {

class ProfileNumbers final {
public:
    ProfileNumbers(const RunInfo& run, const std::vector<Profile>& wanted) : index_(run.profiles.size(), none), number_(wanted.size(), none) {
        for (size_t n = 0; n < run.profiles.size(); ++n)
            for (size_t i = 0; i < wanted.size(); ++i)
                if (wanted[i].name == run.profiles[n]) index_[n] = static_cast<unsigned>(i), number_[i] = static_cast<unsigned>(n), mask_ |= uint32_t{1} << n;
    }
    [[nodiscard]] uint32_t mask() const { return mask_; }  // of those that are wanted, by number
    [[nodiscard]] bool wanted(unsigned number) const { return number < index_.size() && index_[number] != none; }
    [[nodiscard]] unsigned index(unsigned number) const { return index_[number]; }
    [[nodiscard]] unsigned number(size_t index) const { return number_[index]; }

private:
    static constexpr unsigned none = ~0u;
    std::vector<unsigned> index_, number_;
    uint32_t mask_ = 0;
};

}  // namespace tools
