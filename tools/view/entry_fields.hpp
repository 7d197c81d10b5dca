// SPDX-License-Identifier: LGPL-2.1-or-later
// The bits of CR3 and of page-table entries, each with its name and meaning (SDM vol. 3, tables 4-3 to 4-6 and 4-7 to 4-11).
#pragma once

#include <vector>

#include "tools/view/walk_inspection.hpp"

namespace tools::view {

enum class EntryKind : uint8_t {
    cr3, pde, large_pde, pte,                       // of 32-bit paging; large: 4 MiB
    pae_cr3, pdpte, pae_pde, pae_large_pde, pae_pte  // large: 2 MiB
};

// From the highest bit down, all bits of the entry. `physical_bits`: the processor's MAXPHYADDR.
[[nodiscard]] std::vector<BitField> entry_fields(EntryKind kind, uint64_t value, unsigned physical_bits);

}  // namespace tools::view
