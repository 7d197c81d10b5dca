// SPDX-License-Identifier: LGPL-2.1-or-later
// A moment without a window: `zonescope view --text` and `--json`.
#pragma once

#include <iosfwd>

#include <nlohmann/json.hpp>

#include "tools/view/snapshot.hpp"
#include "tools/view/walk_inspection.hpp"

namespace tools::view {

// doc/json.md has the keys. `walk`: of an address that was asked for; null: of none.
[[nodiscard]] nlohmann::ordered_json state_document(const Snapshot& s, const WalkInspection* walk);
[[nodiscard]] nlohmann::ordered_json walk_document(const WalkInspection& w);

void print_state(const Snapshot& s, std::ostream& out);
void print_walk(const WalkInspection& w, std::ostream& out);

}  // namespace tools::view
