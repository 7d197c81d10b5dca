// SPDX-License-Identifier: LGPL-2.1-or-later
// The slab caches as /proc/slabinfo, version 2.1, begins its lines.
#pragma once

#include "guest-kernel/mm/slab.hpp"
#include "guest-kernel/mm/text_sink.hpp"

namespace guest {

// Objects in use and in all, bytes of one, objects and pages of a slab, per cache that has slabs.
void report_slabinfo(const Slabs& slabs, const TextSink& out);

}  // namespace guest
