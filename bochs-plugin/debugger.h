// SPDX-License-Identifier: LGPL-2.1-or-later
// Bochs' debugger, where this Bochs has it and it is in use.
#pragma once

#include <string>

namespace plugin {

// The recording's end if the user has had enough: so far it is good, and not complete.
inline constexpr char quit_words[] = "quit in the debugger";

bool debugging();
// Between the recording's creation, with all its CPUs, and its end.
void attach_debugger();
void detach_debugger();
// The debugger stops after the instruction that is running, and says why. False: there is none.
bool stop_in_debugger(const std::string& why);
// An instruction is about to be executed: the debugger stops before it if what it was told to stop after was none.
bool stops_before(unsigned cpu);
// Ctrl-C leads to the debugger's prompt, SIGTERM to the recording's end.
void take_signals_for_debugger(void (*terminated)(int));
// SIGTERM was taken: ends the process once the guest stands still.
void quit_debugger();
extern volatile bool at_prompt;  // it does

}  // namespace plugin
