// SPDX-License-Identifier: LGPL-2.1-or-later
// The cache lines that one profile's walks read: which of LineRecency's segments each was found in.
#pragma once

#include "cost_model.hpp"
#include "mm/addr.hpp"

namespace tools {

class ProfileLines final {
public:
    explicit ProfileLines(const Profile& p) : recency_{line_limits(p)} {
        while (1u << shift_ < static_cast<unsigned>(p.line_bytes.best)) ++shift_;
    }
    // Of the entry at that place.
    unsigned read(mm::PhysAddr at) { return recency_.read(at.raw >> shift_); }
    [[nodiscard]] size_t bytes() const { return recency_.bytes(); }

private:
    LineRecency recency_;
    unsigned shift_ = 0;
};

}  // namespace tools
