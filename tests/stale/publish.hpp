// SPDX-License-Identifier: LGPL-2.1-or-later
// The twins' half of the guest protocol (doc/guest-protocol.md).
#pragma once

#include "mm/addr.hpp"
#include "mm/protocol.hpp"

namespace twins {

void publish_machine();
void publish_page_table(mm::Pfn, mm::protocol::PageTable);
void publish_result(uint32_t failures);

}  // namespace twins
