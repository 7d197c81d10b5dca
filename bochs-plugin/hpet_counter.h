// SPDX-License-Identifier: LGPL-2.1-or-later
// What Bochs does not save of its HPET: where the running main counter is. Linux' clock reads it.
#pragma once

#include <string>

namespace plugin {

// A line for the saved machine; empty if there is no counter, or if it stands, which Bochs saves.
std::string saved_hpet();

// Sets the restored machine's counter to what the line among these says, before its first instruction.
void restore_hpet(const std::string& lines);

}  // namespace plugin
