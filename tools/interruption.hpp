// SPDX-License-Identifier: LGPL-2.1-or-later
// Ctrl-C and SIGTERM, remembered instead of killing the program, so that a recording can be closed first.
#pragma once

namespace tools {

// From here on SIGINT, SIGTERM and SIGHUP are remembered; the third one kills after all. A file that grows over the
// user's limit is an error of the write, as a full disk is, and kills nobody.
void remember_interruptions();

[[nodiscard]] bool interrupted();

}  // namespace tools
