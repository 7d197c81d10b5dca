// SPDX-License-Identifier: LGPL-2.1-or-later
// Ring-3 programs with threads. Each returns the number of the first check that failed, or 0.
#include "guest-kernel/runtime/program.hpp"

namespace guest {
namespace {

constexpr uint32_t page = 4096;
constexpr auto no_process = static_cast<int32_t>(Error::no_process);

volatile uint32_t shared_word = 0;
volatile uint32_t* shared_area = nullptr;  // mapped by a thread, used by all

int add_to_word(uint32_t n) {
    for (uint32_t i = 0; i < n; ++i) {
        shared_word = shared_word + 1;
        yield();
    }
    return static_cast<int>(n);
}

int map_area(uint32_t value) {
    auto* const area = static_cast<uint32_t*>(map(page));
    if (!mapped(area)) return 1;
    area[0] = value;
    shared_area = area;
    return 0;
}

int divide(uint32_t divisor) { return static_cast<int>(shared_word / divisor); }

int threads(uint32_t) {
    auto* const stacks = static_cast<char*>(map(4 * page));
    int32_t ids[3];
    for (uint32_t i = 0; i < 3; ++i) {
        ids[i] = thread(add_to_word, 10 + i, stacks + (i + 1) * page);
        if (ids[i] <= 0) return 1;
    }
    for (uint32_t i = 0; i < 3; ++i)
        if (wait(ids[i]) != static_cast<int32_t>(10 + i)) return 2;
    if (shared_word != 33) return 3;
    if (wait(ids[0]) != no_process) return 4;
    const int32_t mapper = thread(map_area, 77, stacks + page);
    if (wait(mapper) != 0 || !shared_area || shared_area[0] != 77) return 5;
    const int32_t victim = thread(divide, 0, stacks + page);
    if (wait(victim) != killed_by(0)) return 6;  // its end is not ours
    return shared_area[0] == 77 ? 0 : 7;
}

// Runs on when its creator has ended.
int outlive(uint32_t) {
    for (int i = 0; i < 5; ++i) yield();
    shared_word = shared_word + 1;
    shared_area[1] = shared_word;
    return shared_area[1] == 1 ? 0 : 1;
}

int leave_early(uint32_t) {
    shared_area = static_cast<uint32_t*>(map(page));
    return thread(outlive, 0, static_cast<char*>(map(page)) + page) > 0 ? 0 : 1;
}

int return_at_once(uint32_t argument) { return static_cast<int>(argument & 0xFF); }

// As many threads at once as asked for; they have 64 bytes of stack each.
int crowd(uint32_t count) {
    constexpr uint32_t stack_bytes = 64;
    auto* const stacks = static_cast<char*>(map(count * stack_bytes));
    auto* const ids = static_cast<int32_t*>(map(count * 4));
    if (!mapped(stacks) || !mapped(ids)) return 1;
    for (uint32_t i = 0; i < count; ++i) {
        ids[i] = thread(return_at_once, i, stacks + (i + 1) * stack_bytes);
        if (ids[i] <= 0) return 2;
    }
    for (uint32_t i = count; i-- > 0;)
        if (wait(ids[i]) != static_cast<int32_t>(i & 0xFF)) return 3;
    return 0;
}

}  // namespace

extern "C" int program_test_threads(uint32_t argument) { return threads(argument); }
extern "C" int program_test_leave_early(uint32_t argument) { return leave_early(argument); }
extern "C" int program_test_crowd(uint32_t argument) { return crowd(argument); }

}  // namespace guest
