// SPDX-License-Identifier: LGPL-2.1-or-later
// What a viewer may say, a line each: `profile NAME`, `cpu NUMBER`, `inspect ADDRESS`.
#pragma once

#include <string>

#include "live_json.h"

namespace plugin {

// Changes what the viewer is sent next. Returns what is wrong with the line and what to say instead, or an empty string.
[[nodiscard]] std::string take_request(const std::string& line, const LiveHello& offered, LiveOrder& order);

}  // namespace plugin
