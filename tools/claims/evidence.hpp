// SPDX-License-Identifier: LGPL-2.1-or-later
// The facts of all recordings, by machine.
#pragma once

#include <vector>

#include "facts.hpp"

namespace tools::claims {

class Evidence final {
public:
    void add(Facts facts) { all_.push_back(std::move(facts)); }

    // Throws Failure if this machine was not recorded.
    [[nodiscard]] const Facts& at(const Machine& machine) const {
        for (const Facts& f : all_)
            if (f.machine == machine) return f;
        throw Failure{title(machine), "was not recorded"};
    }

private:
    std::vector<Facts> all_;
};

}  // namespace tools::claims
