// SPDX-License-Identifier: LGPL-2.1-or-later
// A write that gave an entry of a table in use another value.
#pragma once

#include "mm/trace_events.hpp"

namespace plugin {

struct EntryChange : mm::trace::Stale::Change {
    uint64_t writer_steps = 0;  // how far the CPU that made it had come: Progress::steps()
};

}  // namespace plugin
