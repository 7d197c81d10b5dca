// SPDX-License-Identifier: LGPL-2.1-or-later
// What Bochs' own code checks inline before it calls the plugin: whether every modelled TLB serves the page that is accessed, with no stale
// translation that might, and whether execution stays in the page of the last fetch. Plain C++: every Bochs source file includes this through instrument.h.
//
//   data access --page served by all?--> yes: one count, two time stamps       no: data_access()
//   taken branch --both ends in the window?--> yes: nothing                    no: is the page that it leaves served? else branch()
//
// Nothing but idle() is paid while nothing is recorded: the hooks' arguments are worked out behind it (instrument.h).
#ifndef ZONESCOPE_FAST_PATH_H
#define ZONESCOPE_FAST_PATH_H

#include <stdint.h>

#include "../include/mm/page_record.hpp"

namespace plugin {

constexpr uint32_t no_page = 0xFFFFFFFF;       // no linear page number is that large
constexpr unsigned fast_path_cpus = 8;
constexpr unsigned execute_kind = 2;           // mm::AccessKind::execute; read is 0, write 1
constexpr uint64_t shut_window = uint64_t{1} << 62;  // no instruction pointer is near it

// A build that proves the fast path: no data access is filtered, and every instruction is checked (fetch_check.h).
#ifdef ZONESCOPE_VERIFY
constexpr bool verifying = true;
#else
constexpr bool verifying = false;
#endif

// Where the instructions come from; fetch_tracker.h explains it.
struct FetchPlace {
    uint64_t window = shut_window;             // instruction pointer (not linear) of the page's first byte
    uint64_t target_begins_at = 0;             // instructions completed when the deferred target is next
    uint32_t base = 0;                         // of the code segment
    uint32_t page = no_page;                   // where execution is, or goes when deferred
    uint32_t fetched = no_page;                // of the last lookup
    uint32_t target = 0;                       // linear address of the last jump's
    bool deferred = false;                     // a jump went to `page`, and nothing was fetched there yet
    bool start_unknown = true;                 // execution goes on at an address that no hook tells: see next_instruction()
};

// Whether lookups are counted, and whether a fetch must be counted before the accesses of its instructions: a model whose TLB serves
// both can tell. `ask`: an entry of a page table is being written, so that the next lookup must not be counted unasked.
enum class Counting : uint8_t { off, on, in_order, ask };

struct FastPath {
    Counting counting = Counting::off;         // off: no recording, or no paging
    mm::PageRecord* pages = nullptr;           // of all linear pages, while recording
    mm::RegionRecord* regions = nullptr;
    mm::LookupClock clock;
    FetchPlace fetch;
};

extern FastPath fast_path[fast_path_cpus];
extern bool decode_watched;                    // an instruction is waited for: code_trap.cc
extern unsigned executing_cpu;                 // whose turn it is: Bochs runs one trace of each CPU after the other

// The slow halves, in instrument.cc. `last` is the instruction pointer of the last byte of the instruction.
void data_access(unsigned cpu, uint64_t linear, uint64_t physical, unsigned length, unsigned rw);
void branch(unsigned cpu, uint64_t last, uint64_t target);
void repeat_iteration(unsigned cpu, uint64_t last);
void next_instruction(unsigned cpu);
void debugged_instruction(unsigned cpu, unsigned length);

// Counts a lookup that every model serves.
inline void count_served(FastPath& f, mm::PageRecord& record, uint32_t page, unsigned kind) {
    const uint64_t now = ++f.clock.now;
    record.used[kind] = now;
    f.regions[page >> (mm::region_shift - 12)].used[kind] = now;
}

// Counts the fetch that a jump has put off, if there is one. False: its page must be asked for.
inline bool count_deferred_fetch(FastPath& f) {
    FetchPlace& at = f.fetch;
    if (at.deferred && at.page != at.fetched) {
        mm::PageRecord& record = f.pages[at.page];
        if (__builtin_expect(record.served[execute_kind] != mm::served_by_all, 0)) return false;
        ++f.clock.fetches;
        count_served(f, record, at.page, execute_kind);
        at.fetched = at.page;
    }
    return true;
}

// For an access of an instruction that has begun: its fetch comes first.
inline bool count_fetch_first(FastPath& f) {
    if (!count_deferred_fetch(f)) return false;
    f.fetch.deferred = false;
    return true;
}

inline bool idle(unsigned cpu) { return fast_path[cpu].counting == Counting::off; }

// Counts a data access if every model serves it.
inline bool count_if_served(FastPath& f, uint64_t linear, unsigned rw) {
    const uint32_t page = static_cast<uint32_t>(linear) >> 12;
    mm::PageRecord& record = f.pages[page];
    if (verifying || __builtin_expect(record.served[rw & 1] != mm::served_by_all, 0)) return false;
    count_served(f, record, page, rw & 1);
    return true;
}

// What is not counted here goes to data_access(). No call stands in between, for which the compiler would keep registers.
inline bool count_data_access(unsigned cpu, uint64_t linear, unsigned rw) {
    FastPath& f = fast_path[cpu];
    const bool now = __builtin_expect(f.counting == Counting::on, 1) || (f.counting == Counting::in_order && !f.fetch.deferred);
    return now && count_if_served(f, linear, rw);
}

// A jump from the page of the last fetch: the lookup that this page may still owe, and the next page. `executed`: instructions completed.
inline bool leave_page(FastPath& f, uint64_t last, uint64_t target, uint64_t executed) {
    FetchPlace& at = f.fetch;
    if (verifying || last - at.window >= 4096 || f.counting == Counting::ask) return false;
    if (!count_deferred_fetch(f)) return false;
    at.target = at.base + static_cast<uint32_t>(target);
    at.page = at.target >> 12;
    at.window = static_cast<uint32_t>((at.page << 12) - at.base);
    at.target_begins_at = executed + 1;
    at.deferred = true;
    return true;
}

[[gnu::noinline]] inline void leave_window(unsigned cpu, uint64_t last, uint64_t target, uint64_t executed) {
    if (!leave_page(fast_path[cpu], last, target, executed)) branch(cpu, last, target);
}

inline void on_branch(unsigned cpu, uint64_t from, unsigned length, uint64_t target, uint64_t executed) {
    const uint64_t last = from + length - 1, window = fast_path[cpu].fetch.window;
    if (__builtin_expect(last - window >= 4096 || target - window >= 4096, 0)) leave_window(cpu, last, target, executed);
}

// A REP instruction that an interrupt suspends is found at its own start again: it must be seen while it runs.
inline void on_repeat_iteration(unsigned cpu, uint64_t from, unsigned length) {
    const FastPath& f = fast_path[cpu];
    const uint64_t last = from + length - 1;
    if (__builtin_expect(f.fetch.deferred || last - f.fetch.window >= 4096, 0)) repeat_iteration(cpu, last);
}

// After an interrupt or exception Bochs always comes back to cpu_loop(), or cpu_loop_debugger(), and with several CPUs each turn of one begins
// in cpu_run_trace(): only there is the start address asked for. In the debugger each instruction is looked at, so that it can stop right after
// the one whose fetch misses. The name is a constant, so elsewhere nothing is left of this.
inline void on_instruction(unsigned cpu, const char* function, unsigned length) {
    if (__builtin_strcmp(function, "cpu_loop_debugger") == 0) return debugged_instruction(cpu, length);
    const bool turn = __builtin_strcmp(function, "cpu_run_trace") == 0;
    if (turn) executing_cpu = cpu;
    if ((turn || __builtin_strcmp(function, "cpu_loop") == 0) && __builtin_expect(fast_path[cpu].fetch.start_unknown, 0)) next_instruction(cpu);
}

}  // namespace plugin

#endif
