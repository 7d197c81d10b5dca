// SPDX-License-Identifier: LGPL-2.1-or-later
// The X server that shows Bochs' windows may go away at any time. Xlib calls exit() then, and GTK _exit(), wherever the process is.
#pragma once

namespace plugin {

// The recording's end then, for run.json and for people.
inline constexpr char lost_display_words[] = "the display of its windows was lost";

// Without another word to the windows' libraries, which wait for the display.
[[noreturn]] void leave_process();

// To be called when Bochs has met the display; its windows may still be to come. Instead of what Xlib would do `lost` is called, on the
// thread that found it, and the process ends with status 1 when that returns. Without X nothing is done.
void watch_display(void (*lost)());

}  // namespace plugin
