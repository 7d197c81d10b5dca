// SPDX-License-Identifier: LGPL-2.1-or-later
// The second processor, for twins that need one: it waits, interrupts on, and runs what the first asks for.
#pragma once

namespace twins {

// Once, with paging on: by INIT and start-up interrupts (SDM vol. 3, 9.4.4.1).
void start_other_cpu();

// The other processor calls the function; returns when it has returned there.
void on_other_cpu(void (*function)());

// The same in two steps, for what the two do at the same time: some turns of the other one.
void begin_on_other_cpu(void (*function)());
void let_other_cpu_run();
void await_other_cpu();

// Interrupts the other processor, whose handler calls the function; returns when it has: a shootdown, as Linux' flush_tlb_others().
void interrupt_other_cpu(void (*function)());

}  // namespace twins
