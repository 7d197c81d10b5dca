// SPDX-License-Identifier: LGPL-2.1-or-later
// The hooks that Bochs' sources call. Those that matter for speed expand to the inline checks of fast_path.h; hooks that the
// plugin does not need expand to nothing. The macro names, and the variables `i` and `invpcid_desc` that some of them use, are Bochs'.
#if BX_INSTRUMENTATION

#include "fast_path.h"

class bxInstruction_c;

// INVPCID's hook says its type only. The descriptor that it has read is a local variable of its handler; where the other hooks of this
// kind stand, the name finds this.
struct ZonescopeNoDescriptor {};
constexpr ZonescopeNoDescriptor invpcid_desc{};
inline const void* zonescope_descriptor(const ZonescopeNoDescriptor&) { return nullptr; }
template <class Descriptor> const void* zonescope_descriptor(const Descriptor& d) { return &d; }

void bx_instr_init_env(void);
void bx_instr_exit_env(void);
void bx_instr_initialize(unsigned cpu);
void bx_instr_exit(unsigned cpu);
void bx_instr_reset(unsigned cpu, unsigned type);
void bx_instr_hlt(unsigned cpu);
void bx_instr_far_branch(unsigned cpu, unsigned what, bx_address prev_eip, unsigned length, bx_address new_eip);
void bx_instr_interrupt(unsigned cpu, unsigned vector);
void bx_instr_exception(unsigned cpu, unsigned vector, unsigned error_code);
void bx_instr_hwinterrupt(unsigned cpu, unsigned vector);
void bx_instr_tlb_cntrl(unsigned cpu, unsigned what, bx_phy_address value, const void* descriptor);
void bx_instr_outp(Bit16u port, unsigned length, unsigned value);
void bx_instr_phy_access(unsigned cpu, bx_phy_address physical, unsigned length, unsigned rw);
void bx_instr_wrmsr(unsigned cpu, unsigned index, Bit64u value);
void bx_instr_debug_prompt(void);
void bx_instr_debug_cmd(const char* command);
void bx_instr_check_fetch(unsigned cpu, unsigned length);
void bx_instr_decoded(unsigned cpu, bxInstruction_c* i, const unsigned char* bytes);

#define BX_INSTR_INIT_ENV()                      bx_instr_init_env()
#define BX_INSTR_EXIT_ENV()                      bx_instr_exit_env()
#define BX_INSTR_INITIALIZE(cpu_id)              bx_instr_initialize(cpu_id)
#define BX_INSTR_EXIT(cpu_id)                    bx_instr_exit(cpu_id)
#define BX_INSTR_RESET(cpu_id, type)             bx_instr_reset(cpu_id, type)
#define BX_INSTR_HLT(cpu_id)                     bx_instr_hlt(cpu_id)
#define BX_INSTR_MWAIT(cpu_id, addr, len, flags)
#define BX_INSTR_DEBUG_PROMPT()                  bx_instr_debug_prompt()
#define BX_INSTR_DEBUG_CMD(cmd)                  bx_instr_debug_cmd(cmd)

// Branches stand in the handler of an instruction, whose parameter `i` knows how long it is.
#define ZONESCOPE_BRANCH(cpu_id, branch_eip, new_eip) \
    (plugin::idle(cpu_id) ? void() : plugin::on_branch(cpu_id, branch_eip, i->ilen(), new_eip, BX_CPU(cpu_id)->icount))
#define BX_INSTR_CNEAR_BRANCH_TAKEN(cpu_id, branch_eip, new_eip)  ZONESCOPE_BRANCH(cpu_id, branch_eip, new_eip)
#define BX_INSTR_CNEAR_BRANCH_NOT_TAKEN(cpu_id, branch_eip)
#define BX_INSTR_UCNEAR_BRANCH(cpu_id, what, branch_eip, new_eip) ZONESCOPE_BRANCH(cpu_id, branch_eip, new_eip)
#define BX_INSTR_FAR_BRANCH(cpu_id, what, prev_cs, prev_eip, new_cs, new_eip) \
    bx_instr_far_branch(cpu_id, what, prev_eip, i->ilen(), new_eip)

#define BX_INSTR_OPCODE(cpu_id, i, opcode, len, is32, is64) \
    (plugin::decode_watched ? bx_instr_decoded(cpu_id, i, opcode) : void())
#define BX_INSTR_EXCEPTION(cpu_id, vector, error_code)            bx_instr_exception(cpu_id, vector, error_code)
#define BX_INSTR_INTERRUPT(cpu_id, vector)                        bx_instr_interrupt(cpu_id, vector)
#define BX_INSTR_HWINTERRUPT(cpu_id, vector, cs, eip)             bx_instr_hwinterrupt(cpu_id, vector)

#define BX_INSTR_CLFLUSH(cpu_id, laddr, paddr)
#define BX_INSTR_CACHE_CNTRL(cpu_id, what)
#define BX_INSTR_TLB_CNTRL(cpu_id, what, new_cr3)                 bx_instr_tlb_cntrl(cpu_id, what, new_cr3, zonescope_descriptor(invpcid_desc))
#define BX_INSTR_PREFETCH_HINT(cpu_id, what, seg, offset)

#define BX_INSTR_BEFORE_EXECUTION(cpu_id, i) \
    (plugin::on_instruction(cpu_id, __func__, (i)->ilen()), plugin::verifying ? bx_instr_check_fetch(cpu_id, (i)->ilen()) : void())
#define BX_INSTR_AFTER_EXECUTION(cpu_id, i)
#define BX_INSTR_REPEAT_ITERATION(cpu_id, i) \
    (plugin::idle(cpu_id) ? void() : plugin::on_repeat_iteration(cpu_id, BX_CPU(cpu_id)->prev_rip, (i)->ilen()))

#define BX_INSTR_LIN_ACCESS(cpu_id, lin, phy, len, memtype, rw) \
    (plugin::idle(cpu_id) || plugin::count_data_access(cpu_id, lin, rw) ? void() : plugin::data_access(cpu_id, lin, phy, len, rw))
#define BX_INSTR_PHY_ACCESS(cpu_id, phy, len, memtype, rw)        bx_instr_phy_access(cpu_id, phy, len, rw)

#define BX_INSTR_INP(addr, len)
#define BX_INSTR_INP2(addr, len, val)
#define BX_INSTR_OUTP(addr, len, val)                             bx_instr_outp(addr, len, val)
#define BX_INSTR_WRMSR(cpu_id, addr, value)                       bx_instr_wrmsr(cpu_id, addr, value)
#define BX_INSTR_VMEXIT(cpu_id, reason, qualification)

#else
#error "this is the instrumentation of zonescope: configure Bochs with --enable-instrumentation=DIR"
#endif
