// SPDX-License-Identifier: LGPL-2.1-or-later
// A value or nothing, for expected shortages: std::optional does not exist for a freestanding 32-bit target.
#pragma once

#include "guest-kernel/mm/require.hpp"

namespace guest {

template <class T>
class [[nodiscard]] Maybe final {
public:
    constexpr Maybe() = default;
    constexpr Maybe(T value) : value_{value}, present_{true} {}

    constexpr explicit operator bool() const { return present_; }

    // Assumes that there is one.
    constexpr T operator*() const {
        require(present_, "an empty Maybe was read");
        return value_;
    }

private:
    T value_{};
    bool present_ = false;
};

}  // namespace guest
