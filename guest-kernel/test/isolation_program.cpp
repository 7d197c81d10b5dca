// SPDX-License-Identifier: LGPL-2.1-or-later
// Ring-3 programs that do what ring 3 must not, or that show that nobody else reaches their memory.
#include "guest-kernel/arch/cr.hpp"
#include "guest-kernel/runtime/program.hpp"

namespace guest {
namespace {

volatile uint32_t own_word = 0;  // at the same linear address in every process

int divide_by(uint32_t divisor) {
    volatile uint32_t dividend = 100;  // volatile: the division is made
    return static_cast<int>(dividend / divisor);
}

// 0 if the address could be read.
int touch(uint32_t address) {
    static_cast<void>(*reinterpret_cast<volatile uint32_t*>(address));
    return 0;
}

int halt_machine(uint32_t) { halt(); }

int write_port(uint32_t port) { return out8(static_cast<uint16_t>(port), 0), 0; }

// Others of this program write their own argument to the same address in turn.
int keep_word(uint32_t word) {
    if (own_word != 0) return 1;
    own_word = word;
    for (int turns = 0; turns < 4; ++turns) {
        yield();
        if (own_word != word) return 2;
    }
    return 0;
}

int spin(uint32_t iterations) {
    for (uint32_t i = 0; i < iterations; ++i) own_word = i;
    return 0;
}

int sleep_ticks(uint32_t ticks) {
    if (sleep(0x80000000) != static_cast<int32_t>(Error::bad_argument)) return 1;
    return sleep(ticks);
}

}  // namespace

extern "C" int program_test_divide(uint32_t argument) { return divide_by(argument); }
extern "C" int program_test_touch(uint32_t argument) { return touch(argument); }
extern "C" int program_test_halt(uint32_t argument) { return halt_machine(argument); }
extern "C" int program_test_port(uint32_t argument) { return write_port(argument); }
extern "C" int program_test_word(uint32_t argument) { return keep_word(argument); }
extern "C" int program_test_spin(uint32_t argument) { return spin(argument); }
extern "C" int program_test_sleep(uint32_t argument) { return sleep_ticks(argument); }

}  // namespace guest
