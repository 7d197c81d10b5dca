// SPDX-License-Identifier: LGPL-2.1-or-later
// The memory operand of LGDT and LIDT (SDM vol. 3, figure 2-6).
#pragma once

#include <stdint.h>

namespace guest {

struct [[gnu::packed]] TableRegister {
    uint16_t limit;  // inclusive
    const void* base;
};
static_assert(sizeof(TableRegister) == 2 + sizeof(void*));

}  // namespace guest
