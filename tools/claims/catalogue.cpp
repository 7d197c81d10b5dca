// SPDX-License-Identifier: LGPL-2.1-or-later
// All claims in their order: from what is there, by what it costs, to what it is compared with.
#include "all.hpp"

namespace tools::claims {

const std::vector<Claim>& catalogue() {
    static const std::vector<Claim> claims{
        zones_claim(),       limit_896_claim(),      page_map_claim(),       splits_claim(),     user_room_claim(),
        split_4_4_claim(),   supervisor_bit_claim(), context_switch_claim(), direct_map_claim(), virtual_map_claim(),
        kmap_claim(),        user_copy_claim(),      not_current_claim(),    bounce_claim(),     page_tables_claim(),
        stacks_claim(),      mmio_claim(),           pae_claim(),            headroom_claim(),   initramfs_claim(),
    };
    return claims;
}

}  // namespace tools::claims
