// SPDX-License-Identifier: LGPL-2.1-or-later
// INVPCID of a context drops all that is not global, cached directory entries too.
#include "tests/stale/access.hpp"
#include "tests/stale/invpcid.hpp"
#include "tests/stale/machine.hpp"

namespace twins::invpcid_context {

[[gnu::noinline]] void change() {
    entry(0) = leaf(data(1));
    slot_entry(1) = 0;
}
[[gnu::noinline]] void use() { read(page(0)); }

void run(Side) {
    slot_entry(1) = names(table(1));
    entry(0) = leaf(data(0));
    entry(table(1), 0) = leaf(data(2));
    use();
    read(page(0, 1));
    change();
    invpcid(mm::trace::InvpcidType::context);
    use();
    read(page(1, 1));
}

[[gnu::section(".twins"), gnu::used]] const Twin twin{"invpcid-context", run, Sides::good_only};

}  // namespace twins::invpcid_context
