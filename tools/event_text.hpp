// SPDX-License-Identifier: LGPL-2.1-or-later
// One event as a line of text: what `dump` prints, and what the viewer shows.
#pragma once

#include "event_row.hpp"

namespace tools {

// "          2020 cpu0 model_walk: linear=0x8048000 access=execute ...", without the end of the line.
[[nodiscard]] std::string event_text(const EventRow& row);

}  // namespace tools
