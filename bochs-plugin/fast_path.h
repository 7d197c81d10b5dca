// SPDX-License-Identifier: LGPL-2.1-or-later
// What Bochs' own code checks inline before it calls the plugin: the pages accessed lately, and the page of the last fetch.
// Plain C++: every Bochs source file includes this through instrument.h.
//
//   data access --page in its slot?--> yes: one count, one time stamp          no: data_access()
//   taken branch --both ends in the window?--> yes: nothing                    no: branch()
#ifndef ZONESCOPE_FAST_PATH_H
#define ZONESCOPE_FAST_PATH_H

#include <stdint.h>

namespace plugin {

constexpr uint32_t no_page = 0xFFFFFFFF;       // no linear page number is that large
constexpr unsigned data_slots = 64;            // a power of two
constexpr unsigned fast_path_cpus = 8;

// A build that proves the fast path: no data access is filtered, and every instruction is checked (fetch_check.h).
#ifdef ZONESCOPE_VERIFY
constexpr bool verifying = true;
#else
constexpr bool verifying = false;
#endif

// A page whose modelled TLB entry is known to serve this kind of access; `used` is that entry's time stamp.
struct DataSlot {
    uint64_t* used;
    uint32_t page;
};

struct FastPath {
    uint64_t clock = 0;                        // data lookups so far: the model's clock while paging is on
    DataSlot data[2][data_slots] = {};         // [write][page number modulo data_slots]
    uint64_t window = 0;                       // instruction pointer (not linear) of the fetch page's first byte
    bool deferred = false;                     // a jump left the fetch page, and nothing was fetched at its target yet
    bool start_unknown = true;                 // execution goes on at an address that no hook tells: see next_instruction()
};

extern FastPath fast_path[fast_path_cpus];

// The slow halves, in instrument.cc. `last` is the instruction pointer of the last byte of the instruction.
void data_access(unsigned cpu, uint64_t linear, uint64_t physical, unsigned length, unsigned rw);
void branch(unsigned cpu, uint64_t last, uint64_t target);
void repeat_iteration(unsigned cpu, uint64_t last);
void next_instruction(unsigned cpu);

inline void on_data_access(unsigned cpu, uint64_t linear, uint64_t physical, unsigned length, unsigned rw) {
    FastPath& f = fast_path[cpu];
    const uint32_t page = static_cast<uint32_t>(linear) >> 12;
    const DataSlot& slot = f.data[rw & 1][page % data_slots];
    if (!verifying && __builtin_expect(slot.page == page, 1)) *slot.used = ++f.clock;
    else data_access(cpu, linear, physical, length, rw);
}

inline void on_branch(unsigned cpu, uint64_t from, unsigned length, uint64_t target) {
    const uint64_t window = fast_path[cpu].window, last = from + length - 1;
    if (__builtin_expect(last - window >= 4096 || target - window >= 4096, 0)) branch(cpu, last, target);
}

// A REP instruction that an interrupt suspends is found at its own start again: it must be seen while it runs.
inline void on_repeat_iteration(unsigned cpu, uint64_t from, unsigned length) {
    const FastPath& f = fast_path[cpu];
    const uint64_t last = from + length - 1;
    if (__builtin_expect(f.deferred || last - f.window >= 4096, 0)) repeat_iteration(cpu, last);
}

// After an interrupt or exception Bochs always comes back to cpu_loop(), or cpu_loop_debugger(): only there is the start
// address asked for. The name is a constant, so elsewhere nothing is left of this.
inline void on_instruction(unsigned cpu, const char* function) {
    if (__builtin_strncmp(function, "cpu_loop", 8) == 0 && __builtin_expect(fast_path[cpu].start_unknown, 0)) next_instruction(cpu);
}

}  // namespace plugin

#endif
