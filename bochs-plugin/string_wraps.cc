// SPDX-License-Identifier: LGPL-2.1-or-later
// Bochs' fast REP routines (faststring.cc, io.cc) call no hook. Each begins with a look into Bochs' own TLB for a page's place in the
// host's memory, through the two functions that the linker redirects here (--wrap); without it Bochs executes the iterations one by one.
#include "bochs.h"
#include "cpu/cpu.h"

#include "recording.h"
#include "wrap_symbols.h"

Bit8u* real_host_read(bx_address linear, bool user) asm("__real_" ZONESCOPE_HOST_READ);
Bit8u* wrap_host_read(bx_address linear, bool user) asm("__wrap_" ZONESCOPE_HOST_READ);
Bit8u* real_host_write(bx_address linear, bool user) asm("__real_" ZONESCOPE_HOST_WRITE);
Bit8u* wrap_host_write(bx_address linear, bool user) asm("__wrap_" ZONESCOPE_HOST_WRITE);

Bit8u* wrap_host_read(bx_address linear, bool user) { return plugin::recording.on(0) ? nullptr : real_host_read(linear, user); }
Bit8u* wrap_host_write(bx_address linear, bool user) { return plugin::recording.on(0) ? nullptr : real_host_write(linear, user); }
