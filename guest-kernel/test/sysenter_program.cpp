// SPDX-License-Identifier: LGPL-2.1-or-later
// Ring-3 programs that enter the kernel by SYSENTER. Each returns the number of the first check that failed, or 0.
#include "guest-kernel/runtime/program.hpp"

namespace guest {
namespace {

constexpr uint32_t page = 4096;
constexpr uint32_t trap_flag = 1 << 8, direction_flag = 1 << 10, nested_task = 1 << 14;
constexpr uint32_t no_sysenter = 77;

int echo_by_sysenter(uint32_t) {
    const FastCalls fast;
    const int32_t parent = fast(Call::null);
    for (int i = 0; i < 5; ++i) fast(Call::take), fast(Call::post, static_cast<uint32_t>(parent));
    return fast.sysenter() ? 0 : no_sysenter;
}

// The same answers as by int 0x80, across switches too.
int calls_by_sysenter(uint32_t) {
    const FastCalls fast;
    if (!fast.sysenter()) return no_sysenter;
    if (fast(Call::null) != null_call()) return 1;
    if (fast(Call{1000}) != static_cast<int32_t>(Error::bad_call)) return 2;
    auto* const area = reinterpret_cast<volatile uint32_t*>(fast(Call::map, 2 * page));
    if (!mapped(const_cast<uint32_t*>(area)) || area[0] != 0 || area[1024] != 0) return 3;
    if (fast(Call::read_buffer, word(const_cast<uint32_t*>(area)), page, 0) != static_cast<int32_t>(page)) return 4;
    if (fast(Call::unmap, word(const_cast<uint32_t*>(area)), 2 * page) != 0) return 5;
    const int32_t echo = fast(Call::spawn, word("test-fast-echo"), 0);
    if (echo <= 0) return 6;
    for (int i = 0; i < 5; ++i) fast(Call::post, static_cast<uint32_t>(echo)), fast(Call::take);
    if (fast(Call::wait, static_cast<uint32_t>(echo)) != 0) return 7;
    if (fast(Call::yield) != 0 || fast(Call::sleep, 1) != 0) return 8;
    return 0;
}

// Whatever flags a program enters with, the kernel survives, and so does the program.
int strange_flags(uint32_t) {
    if (!FastCalls().sysenter()) return no_sysenter;
    const int32_t parent = null_call();
    if (call_with_flags(0) != parent) return 1;
    if (call_with_flags(direction_flag) != parent) return 2;
    if (call_with_flags(nested_task) != parent) return 3;
    yield();
    if (call_with_flags(trap_flag) != parent) return 4;
    if (call_with_flags(trap_flag | direction_flag | nested_task) != parent) return 5;
    yield();
    return 0;
}

}  // namespace

extern "C" int program_test_fast_echo(uint32_t argument) { return echo_by_sysenter(argument); }
extern "C" int program_test_fast_calls(uint32_t argument) { return calls_by_sysenter(argument); }
extern "C" int program_test_fast_flags(uint32_t argument) { return strange_flags(argument); }

}  // namespace guest
