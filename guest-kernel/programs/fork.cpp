// SPDX-License-Identifier: LGPL-2.1-or-later
// The birth and death of processes, as lmbench's lat_proc fork and exec: the child ends at once, or becomes a program that
// does.
#include "guest-kernel/runtime/program.hpp"
#include "guest-kernel/workload/measure.hpp"
#include "guest-kernel/workload/spans.hpp"

namespace guest {
namespace {

// What a child's exit status says: that it ran, and in its turn.
int32_t mark(uint32_t i) { return static_cast<int32_t>(i & 0x7F); }

}  // namespace

extern "C" int program_fork(uint32_t argument) {
    const Order order = Order::unpack(argument);
    const bool measured = measure(order.span, order.iterations, [](uint32_t i) {
        const int32_t child = fork();
        if (child == 0) exit(mark(i));
        return child > 0 && wait(child) == mark(i);
    });
    return measured ? 0 : 1;
}

extern "C" int program_exec(uint32_t argument) {
    const Order order = Order::unpack(argument);
    const bool measured = measure(order.span, order.iterations, [](uint32_t i) {
        const int32_t child = fork();
        if (child == 0) exit(exec("exit-status", static_cast<uint32_t>(mark(i))) | 0x80);
        return child > 0 && wait(child) == mark(i);
    });
    return measured ? 0 : 1;
}

extern "C" int program_exit_status(uint32_t status) { return static_cast<int>(status); }

}  // namespace guest
