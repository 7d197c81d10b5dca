// SPDX-License-Identifier: LGPL-2.1-or-later
// The null system call, as lmbench's lat_syscall null: getppid, and back. By int 0x80, and by SYSENTER.
#include "guest-kernel/runtime/program.hpp"
#include "guest-kernel/workload/measure.hpp"
#include "guest-kernel/workload/spans.hpp"

namespace guest {
namespace {

// The parent is the boot process, 0.
int main_null_syscall(uint32_t argument) {
    const Order order = Order::unpack(argument);
    return measure(order.span, order.iterations, [](uint32_t) { return null_call() == 0; }) ? 0 : 1;
}

int main_null_sysenter(uint32_t argument) {
    const Order order = Order::unpack(argument);
    const FastCalls fast;
    if (!fast.sysenter()) return 1;
    return measure(order.span, order.iterations, [=](uint32_t) { return fast(Call::null) == 0; }) ? 0 : 1;
}

}  // namespace

extern "C" int program_null_sysenter(uint32_t argument) { return main_null_sysenter(argument); }
extern "C" int program_null_syscall(uint32_t argument) { return main_null_syscall(argument); }

}  // namespace guest
