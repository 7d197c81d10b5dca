// SPDX-License-Identifier: LGPL-2.1-or-later
// The functions of Bochs' CPU that the linker redirects here (--wrap), in a Bochs for several: they are
// members, which are called as functions are whose first parameter is the CPU.
#include "wrapped.h"
#include "wrap_symbols.h"

#if !BX_USE_CPU_SMF

bx_phy_address real_translate_linear(BX_CPU_C* cpu, bx_TLB_entry* entry, bx_address linear, unsigned user, unsigned rw) asm("__real_" ZONESCOPE_TRANSLATE_LINEAR);
bx_phy_address wrap_translate_linear(BX_CPU_C* cpu, bx_TLB_entry* entry, bx_address linear, unsigned user, unsigned rw) asm("__wrap_" ZONESCOPE_TRANSLATE_LINEAR);
void real_task_switch(BX_CPU_C* cpu, bxInstruction_c* i, bx_selector_t* selector, bx_descriptor_t* descriptor, unsigned source, Bit32u dword1, Bit32u dword2,
                      bool push_error, Bit32u error_code) asm("__real_" ZONESCOPE_TASK_SWITCH);
void wrap_task_switch(BX_CPU_C* cpu, bxInstruction_c* i, bx_selector_t* selector, bx_descriptor_t* descriptor, unsigned source, Bit32u dword1, Bit32u dword2,
                      bool push_error, Bit32u error_code) asm("__wrap_" ZONESCOPE_TASK_SWITCH);
Bit8u* real_host_read(BX_CPU_C* cpu, bx_address linear, bool user) asm("__real_" ZONESCOPE_HOST_READ);
Bit8u* wrap_host_read(BX_CPU_C* cpu, bx_address linear, bool user) asm("__wrap_" ZONESCOPE_HOST_READ);
Bit8u* real_host_write(BX_CPU_C* cpu, bx_address linear, bool user) asm("__real_" ZONESCOPE_HOST_WRITE);
Bit8u* wrap_host_write(BX_CPU_C* cpu, bx_address linear, bool user) asm("__wrap_" ZONESCOPE_HOST_WRITE);
Bit32u real_move_string(BX_CPU_C* cpu, unsigned source_segment, Bit32u source, unsigned target_segment, Bit32u target, Bit32u bytes, Bit32u granularity) asm("__real_" ZONESCOPE_MOVE_STRING);
Bit32u wrap_move_string(BX_CPU_C* cpu, unsigned source_segment, Bit32u source, unsigned target_segment, Bit32u target, Bit32u bytes, Bit32u granularity) asm("__wrap_" ZONESCOPE_MOVE_STRING);
Bit32u real_store_string(BX_CPU_C* cpu, unsigned segment, Bit32u offset, Bit8u value, Bit32u bytes) asm("__real_" ZONESCOPE_STORE_STRING);
Bit32u wrap_store_string(BX_CPU_C* cpu, unsigned segment, Bit32u offset, Bit8u value, Bit32u bytes) asm("__wrap_" ZONESCOPE_STORE_STRING);

bx_phy_address wrap_translate_linear(BX_CPU_C* cpu, bx_TLB_entry* entry, bx_address linear, unsigned user, unsigned rw) {
    return plugin::translate(cpu->which_cpu(), entry, linear, user, rw, [=] { return real_translate_linear(cpu, entry, linear, user, rw); });
}

void wrap_task_switch(BX_CPU_C* cpu, bxInstruction_c* i, bx_selector_t* selector, bx_descriptor_t* descriptor, unsigned source, Bit32u dword1, Bit32u dword2,
                      bool push_error, Bit32u error_code) {
    plugin::switch_task(cpu->which_cpu(), [=] { real_task_switch(cpu, i, selector, descriptor, source, dword1, dword2, push_error, error_code); });
}

Bit8u* wrap_host_read(BX_CPU_C* cpu, bx_address linear, bool user) {
    return plugin::find_in_host(cpu->which_cpu(), linear, false, [=] { return real_host_read(cpu, linear, user); });
}
Bit8u* wrap_host_write(BX_CPU_C* cpu, bx_address linear, bool user) {
    return plugin::find_in_host(cpu->which_cpu(), linear, true, [=] { return real_host_write(cpu, linear, user); });
}

Bit32u wrap_move_string(BX_CPU_C* cpu, unsigned source_segment, Bit32u source, unsigned target_segment, Bit32u target, Bit32u bytes, Bit32u granularity) {
    return plugin::repeat(cpu->which_cpu(), granularity, [=] { return real_move_string(cpu, source_segment, source, target_segment, target, bytes, granularity); });
}
Bit32u wrap_store_string(BX_CPU_C* cpu, unsigned segment, Bit32u offset, Bit8u value, Bit32u bytes) {
    return plugin::repeat(cpu->which_cpu(), 1, [=] { return real_store_string(cpu, segment, offset, value, bytes); });
}

#endif
