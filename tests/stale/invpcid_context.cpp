// SPDX-License-Identifier: LGPL-2.1-or-later
// INVPCID of a context drops what a load of CR3 does.
#include "tests/stale/invpcid.hpp"
#include "tests/stale/not_global.hpp"
#include "tests/stale/twin.hpp"

namespace twins::invpcid_context {

void run(Side) {
    change_and_use([] { invpcid(mm::trace::InvpcidType::context); });
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"invpcid-context", run, Sides::good_only};

}  // namespace twins::invpcid_context
