// SPDX-License-Identifier: LGPL-2.1-or-later
// With which pages the direct map maps lowmem. Large ones are what a kernel uses if the processor has them; small ones are
// to measure what those save (Linux: mem=nopentium, "disable usage of 4 MB pages for kernel memory").
#pragma once

#include <stdint.h>

namespace guest {

enum class DirectMapPages : uint8_t { large, small };

}  // namespace guest
