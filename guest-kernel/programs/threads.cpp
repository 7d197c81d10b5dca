// SPDX-License-Identifier: LGPL-2.1-or-later
// Threads: what one costs from creation to join, and how many there can be.
#include "guest-kernel/runtime/program.hpp"
#include "guest-kernel/workload/measure.hpp"
#include "guest-kernel/workload/spans.hpp"

namespace guest {
namespace {

constexpr uint32_t stack_bytes = 4096;

int end_at_once(uint32_t argument) { return static_cast<int>(argument & 0xFF); }

int main_thread(uint32_t argument) {
    const Order order = Order::unpack(argument);
    auto* const stack = static_cast<char*>(map(stack_bytes));
    if (!mapped(stack)) return 1;
    const bool measured = measure(order.span, order.iterations, [=](uint32_t i) {
        const int32_t id = thread(end_at_once, i, stack + stack_bytes);
        return id > 0 && wait(id) == static_cast<int32_t>(i & 0xFF);
    });
    return measured ? 0 : 1;
}

// None of them runs before it is waited for, and each leaves its stack as it found it: they share one.
int main_threads(uint32_t argument) {
    const Span span = Order::unpack(argument).span;
    auto* const stack = static_cast<char*>(map(stack_bytes));
    if (!mapped(stack)) return 1;
    const int32_t boot = null_call();
    int32_t first = 0, count = 0, id = 0;
    for (;; ++count) {
        span_begin(span);
        id = thread(end_at_once, 7, stack + stack_bytes);
        span_end(span);
        if (id <= 0) break;
        if (count == 0) first = id;
        else if (id != first + count) return 2;  // ids are given in order
    }
    if (id != static_cast<int32_t>(Error::no_memory)) return 3;
    post(boot);
    take();
    for (int32_t i = 0; i < count; ++i)
        if (wait(first + i) != 7) return 4;
    return 0;
}

}  // namespace

extern "C" int program_thread(uint32_t argument) { return main_thread(argument); }
extern "C" int program_threads(uint32_t argument) { return main_threads(argument); }

}  // namespace guest
