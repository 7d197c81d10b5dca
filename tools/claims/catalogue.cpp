// SPDX-License-Identifier: LGPL-2.1-or-later
// All claims in their order: from what is there, by what it costs, to what it is compared with.
#include "all.hpp"

namespace tools::claims {

const std::vector<Claim>& catalogue() {
    static const std::vector<Claim> claims{
        zones_claim(),          limit_896_claim(),      splits_claim(),     split_4_4_claim(),
    };
    return claims;
}

}  // namespace tools::claims
