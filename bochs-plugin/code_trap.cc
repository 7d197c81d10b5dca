// SPDX-License-Identifier: LGPL-2.1-or-later
// The replaced function. Decoded instructions are kept by physical address, so the linear one is compared only when it is executed.
#include "bochs.h"
#include "cpu/cpu.h"

#include "code_trap.h"
#include "recording.h"

namespace plugin {

bool decode_watched = false;

namespace {

constexpr uint64_t offset_mask = 0xFFF;

mm::VirtAddr trapped{};
bool sent_back = false;  // the instruction that met the mark is executed next

// Members of BX_CPU_C are static with one CPU. With several a function cannot stand in for them: nothing waits for an address then, which
// the command says beforehand.
using Instruction = bxInstruction_c;
template <class Handler> struct Trap {
    static void set(Instruction&) {}
};

// Whether the instruction at prev_rip, whose length RIP is ahead, is to wait: execution goes back before it, and leaves its trace.
bool waits(BX_CPU_C& cpu) {
    const mm::VirtAddr linear{static_cast<uint32_t>(cpu.get_laddr(BX_SEG_REG_CS, cpu.prev_rip))};
    if (!recording.alive() || linear != trapped) return false;
    if (sent_back || !recording.session->executes(linear)) return sent_back = false;
    sent_back = true;
    cpu.gen_reg[BX_64BIT_REG_RIP].rrx = cpu.prev_rip;
    cpu.async_event |= BX_ASYNC_EVENT_STOP_TRACE;
    return true;
}

// The instruction as it was decoded.
Instruction plain(BX_CPU_C& cpu, const Instruction& i) {
    Instruction copy = i;
    cpu.assignHandler(&copy, cpu.fetchModeMask);
    return copy;
}

template <class Result> struct Trap<Result (*)(Instruction*)> {
    static Result execute(Instruction* i) {
        BX_CPU_C& cpu = *BX_CPU(0);
        if (waits(cpu)) return;
        Result (*const run)(Instruction*) = plain(cpu, *i).execute1;
        run(i);
    }
    static void set(Instruction& i) { i.execute1 = &execute; }
};

}  // namespace

void watch_decoder() {
    const RunMark* const mark = recording.session ? &recording.session->wanted() : nullptr;
    decode_watched = mark && mark->kind == RunMark::Kind::address;
    if (!decode_watched) return;
    const mm::VirtAddr next{static_cast<uint32_t>(mark->number)};
    sent_back = sent_back && next == trapped;
    trapped = next;
}

}  // namespace plugin

// `bytes` lie in the page that is fetched from, unless they were put together from two pages: then the instruction is the next one.
void bx_instr_decoded(unsigned cpu, bxInstruction_c* i, const unsigned char* bytes) {
    BX_CPU_C& c = *BX_CPU(cpu);
    const size_t place = static_cast<size_t>(bytes - c.eipFetchPtr);
    const bx_address at = place <= plugin::offset_mask ? place : c.get_laddr(BX_SEG_REG_CS, c.prev_rip);
    if ((at & plugin::offset_mask) == mm::offset_in_page(plugin::trapped)) plugin::Trap<decltype(i->execute1)>::set(*i);
}
