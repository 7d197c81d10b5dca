// SPDX-License-Identifier: LGPL-2.1-or-later
// The workloads of block I/O: like those of kernel_workloads.hpp. What they count, they print as `measure:` lines.
#pragma once

#include "guest-kernel/workload/placed_frames.hpp"
#include "guest-kernel/workload/spans.hpp"

namespace guest {

enum class Way : uint8_t { dma, pio, floppy };

// A page read from a device into a frame at that place, from the request to the wake-up.
[[nodiscard]] bool read_pages(Span span, Way way, Place place, uint32_t iterations);

}  // namespace guest
