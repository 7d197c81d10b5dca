// SPDX-License-Identifier: LGPL-2.1-or-later
// The system calls that change what memory a process has: abi.hpp says what each does.
#pragma once

#include <stdint.h>

namespace guest {

struct TrapFrame;

int32_t map_call(TrapFrame& f);
int32_t unmap_call(TrapFrame& f);
int32_t brk_call(TrapFrame& f);
int32_t protect_call(TrapFrame& f);

}  // namespace guest
