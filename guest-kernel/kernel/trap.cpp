// SPDX-License-Identifier: LGPL-2.1-or-later
// Exceptions and interrupts: what entry.S calls with the frame that it built.
#include "guest-kernel/arch/cr.hpp"
#include "guest-kernel/arch/pic.hpp"
#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/irq.hpp"
#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/panic.hpp"
#include "guest-kernel/kernel/process.hpp"
#include "guest-kernel/kernel/symbols.hpp"
#include "guest-kernel/kernel/scheduler.hpp"
#include "guest-kernel/kernel/trap_frame.hpp"
#include "mm/fault.hpp"

extern "C" char user_bytes_begin[], user_bytes_fault[];

namespace guest {
namespace {

bool in_user_copy(const TrapFrame& f) {
    return !f.from_user() && f.eip >= reinterpret_cast<uint32_t>(user_bytes_begin) &&
           f.eip < reinterpret_cast<uint32_t>(user_bytes_fault);
}

mm::AccessKind access_kind(mm::PageFaultCode code) {
    if (code.write) return mm::AccessKind::write;
    return code.fetch ? mm::AccessKind::execute : mm::AccessKind::read;
}

// The first touch of a page, or a write to a shared one, by ring 3 or by the kernel copying for it.
FaultStatus user_access(const TrapFrame& f, mm::VirtAddr at) {
    Process& p = current();
    if (!p.space || !(f.from_user() || in_user_copy(f))) return FaultStatus::no_region;
    const auto code = mm::PageFaultCode::decode(f.error);
    if (code.reserved) return FaultStatus::no_permission;
    return p.space->resolve(at, access_kind(code), code.present);
}

// The kernel's vmalloc area, through a process's directory that is older than the table.
bool late_kernel_table(const TrapFrame& f, mm::VirtAddr at) {
    return !f.from_user() && !layout.own_page_tables && at >= vmalloc_start() && at.raw < layout.vmalloc_end &&
           kernel_tables().share_table(read_cr3(), at);
}

[[noreturn]] void kill(const TrapFrame& f, mm::VirtAddr fault_address = {}, FaultStatus why = FaultStatus::no_region) {
    if (current().killed) exit_current(killed_by_request);
    print("process ", current().id, ": killed by exception ", f.vector, " at ", Hex{f.eip});
    if (f.vector == page_fault_vector) print(", address ", Hex{fault_address.raw}, ", error code ", f.error);
    if (why == FaultStatus::no_memory) print(": out of memory");
    if (why == FaultStatus::lost) print(": its page cannot be read from swap");
    print("\n");
    if (why == FaultStatus::no_memory) exit_current(killed_for_memory);
    exit_current(why == FaultStatus::lost ? killed_for_io : killed_by(f.vector));
}

[[noreturn]] void bug(const TrapFrame& f, mm::VirtAddr fault_address) {
    print("exception ", f.vector, " in the kernel, error code ", Hex{f.error}, "\n", "EIP is at ", Symbolic{f.eip}, "\n");
    // A function that calls nothing may have no frame: what it returns to is then on top of the interrupted stack.
    if (!f.from_user() && find_symbol(f.esp)) print(" ? ", SymbolicReturn{f.esp}, "\n");
    print("eflags ",
          Hex{f.eflags}, " cr2 ", Hex{fault_address.raw}, " cr3 ", Hex{read_cr3()}, "\n", "eax ", Hex{f.eax}, " ebx ",
          Hex{f.ebx}, " ecx ", Hex{f.ecx}, " edx ", Hex{f.edx}, "\n", "esi ", Hex{f.esi}, " edi ", Hex{f.edi}, " ebp ",
          Hex{f.ebp}, "\n");
    panic("unexpected exception");
}

void page_fault(TrapFrame& f) {
    const mm::VirtAddr at{read_cr2()};
    const FaultStatus status = user_access(f, at);
    if (status == FaultStatus::resolved || late_kernel_table(f, at)) return;
    if (f.from_user()) kill(f, at, status);
    if (!in_user_copy(f)) bug(f, at);
    f.eip = reinterpret_cast<uint32_t>(user_bytes_fault);
}

// Whoever it woke, and after a tick whoever waits, runs before the process that it interrupted. In the idle loop the
// scheduler looks itself.
void interrupt(const TrapFrame& f) {
    take_interrupt(f.vector - first_interrupt_vector);
    if (f.from_user()) yield_current();
}

}  // namespace

extern "C" void trap(TrapFrame& f) {
    if (f.vector == page_fault_vector) return page_fault(f);
    if (is_interrupt(f.vector)) return interrupt(f);
    if (f.from_user()) kill(f);
    bug(f, {});
}

}  // namespace guest
