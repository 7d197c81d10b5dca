// SPDX-License-Identifier: LGPL-2.1-or-later
// The null system call, as lmbench's lat_syscall null: getppid, and back.
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

[[gnu::section(".programs"), gnu::used]] const Program null_syscall{"null-syscall", main_null_syscall};

}  // namespace
}  // namespace guest
