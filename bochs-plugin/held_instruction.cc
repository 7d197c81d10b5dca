// SPDX-License-Identifier: LGPL-2.1-or-later
// The function that executes the instruction is replaced once, as in code_trap.cc. Bochs' loop has put RIP behind the instruction by then, and
// counts a tick afterwards, which is given back before.
#include "bochs.h"
#include "cpu/cpu.h"
#include "gui/siminterface.h"

#include "held_instruction.h"

namespace plugin {

namespace {

void give_tick_back() {
    bx_param_num_c* const left = SIM->get_param_num("pc_system.currCountdown", SIM->get_bochs_root());
    left->set(left->get64() + 1);
}

// Members of BX_CPU_C are static with one CPU, which the debugger has.
template <class Handler> struct Hold {
    static void set(bxInstruction_c&) {}
};

template <class Result> struct Hold<Result (*)(bxInstruction_c*)> {
    static inline Result (*held)(bxInstruction_c*) = nullptr;
    static Result stay(bxInstruction_c* i) {
        i->execute1 = held;
        BX_CPU(0)->gen_reg[BX_64BIT_REG_RIP].rrx = BX_CPU(0)->prev_rip;
        give_tick_back();
    }
    static void set(bxInstruction_c& i) { held = i.execute1, i.execute1 = &stay; }
};

}  // namespace

void hold_instruction(unsigned cpu) {
    bxInstruction_c& next = *BX_CPU(cpu)->getICacheEntry()->i;
    Hold<decltype(next.execute1)>::set(next);
}

}  // namespace plugin
