// SPDX-License-Identifier: LGPL-2.1-or-later
// Walks an address by the entries that are known at a moment, and says what is found on the way.
#pragma once

#include "tools/view/known_entries.hpp"
#include "tools/view/recording.hpp"
#include "tools/view/snapshot.hpp"
#include "tools/view/walk_inspection.hpp"

namespace tools::view {

// What the registers and the known entries say of the address; `tlbs`: where its page is cached.
[[nodiscard]] WalkInspection inspect_address(mm::VirtAddr address, const mm::trace::State& registers, const KnownEntries& entries, const Recording& recording,
                                             const std::vector<TlbView>& tlbs);

}  // namespace tools::view
