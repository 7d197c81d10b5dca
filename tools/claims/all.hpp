// SPDX-License-Identifier: LGPL-2.1-or-later
// The claims, one function each, in the file of its name.
#pragma once

#include "claim.hpp"

namespace tools::claims {

[[nodiscard]] Claim zones_claim();
[[nodiscard]] Claim limit_896_claim();
[[nodiscard]] Claim page_map_claim();
[[nodiscard]] Claim splits_claim();
[[nodiscard]] Claim user_room_claim();
[[nodiscard]] Claim split_4_4_claim();
[[nodiscard]] Claim supervisor_bit_claim();
[[nodiscard]] Claim context_switch_claim();
[[nodiscard]] Claim direct_map_claim();
[[nodiscard]] Claim virtual_map_claim();
[[nodiscard]] Claim kmap_claim();
[[nodiscard]] Claim user_copy_claim();
[[nodiscard]] Claim not_current_claim();
[[nodiscard]] Claim bounce_claim();
[[nodiscard]] Claim page_tables_claim();
[[nodiscard]] Claim stacks_claim();
[[nodiscard]] Claim mmio_claim();
[[nodiscard]] Claim pae_claim();
[[nodiscard]] Claim headroom_claim();
[[nodiscard]] Claim initramfs_claim();

}  // namespace tools::claims
