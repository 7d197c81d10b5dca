// SPDX-License-Identifier: LGPL-2.1-or-later
// The words of the command line that shape the memory. Knows no hardware.
//
//   nodes=RANGE[,RANGE...]   memory nodes, each START-END or START- in bytes: nodes=0-512M,512M-    default: one node
//   nodes=banks              one for each part of RAM that a large hole sets apart
//   struct_page=32|44|60     bytes of struct page: Linux 2.6, 2.4, Red Hat's 4G/4G kernel           default 32
#pragma once

#include "guest-kernel/kernel/text.hpp"
#include "guest-kernel/mm/node_map.hpp"
#include "guest-kernel/mm/page.hpp"

namespace guest {

struct MemoryOptions {
    NodeMap nodes;  // none: not given
    bool banks = false;
    uint32_t page_bytes = struct_page_sizes[0];
};

// A number of bytes with an optional K, M or G, taken off the front; nothing if there is no digit or it is above 64 GiB.
Maybe<uint64_t> parse_bytes(Text& text);

// Each sets its option and returns true, or leaves it alone if the value is none that the word knows.
[[nodiscard]] bool parse_nodes(Text value, MemoryOptions& options);
[[nodiscard]] bool parse_struct_page(Text value, MemoryOptions& options);

// The nodes of this machine.
NodeMap chosen_nodes(const MemoryOptions& options, const FrameRanges& ram);

}  // namespace guest
