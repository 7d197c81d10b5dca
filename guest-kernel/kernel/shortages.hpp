// SPDX-License-Identifier: LGPL-2.1-or-later
// What could not be had during the run. A shortage is an error to whoever asked, who may have coped or tested for it;
// here it is told, so that none passes unseen (Linux warns each time: "page allocation failure").
#pragma once

namespace guest {

// One line with each kind that occurred, and how often; nothing if none did.
void print_shortages();

}  // namespace guest
