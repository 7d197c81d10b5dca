// SPDX-License-Identifier: LGPL-2.1-or-later
// Stops before the instruction at the address that a recording waits for, which costs the others nothing: Bochs decodes an instruction
// once and keeps it with the function that executes it. If it is at that place of its page, this function is replaced.
#pragma once

namespace plugin {

// Whether an address is waited for, from here on. What is decoded already is not looked at again.
void watch_decoder();

}  // namespace plugin
