// SPDX-License-Identifier: LGPL-2.1-or-later
// Turns execute-disable on.
#include "guest-kernel/kernel/no_execute.hpp"

#include "guest-kernel/arch/cpuid.hpp"
#include "guest-kernel/arch/msr.hpp"
#include "guest-kernel/config.hpp"
#include "mm/control.hpp"

namespace guest {
namespace {

bool enabled = false;

}  // namespace

bool no_execute_enabled() { return enabled; }

void enable_no_execute() {
    if (layout.paging != mm::Paging::pae || !cpu_has_no_execute()) return;
    write_msr(msr_efer, read_msr(msr_efer) | mm::efer_nxe);
    enabled = true;
}

}  // namespace guest
