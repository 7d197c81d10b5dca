// SPDX-License-Identifier: LGPL-2.1-or-later
// Lets Bochs' debugger come back before an instruction that it is about to execute, as if it had not tried.
#pragma once

namespace plugin {

// From the hook that comes before an instruction, the first of its trace. It is executed when the debugger goes on.
void hold_instruction(unsigned cpu);

}  // namespace plugin
