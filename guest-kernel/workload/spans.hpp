// SPDX-License-Identifier: LGPL-2.1-or-later
// The measured operations: every span's id and the name it is published under, the only place that lists them.
#pragma once

#include <stdint.h>

#include "span.hpp"

namespace guest {

enum class Span : uint16_t {
    null_syscall,
    count_,
};

inline constexpr const char* span_names[] = {
    "null-syscall",
};
static_assert(sizeof(span_names) / sizeof(span_names[0]) == static_cast<unsigned>(Span::count_));

}  // namespace guest
