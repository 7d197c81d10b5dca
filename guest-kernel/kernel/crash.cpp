// SPDX-License-Identifier: LGPL-2.1-or-later
// The bugs, behind functions of their own: their names must show in the back trace.
#include "guest-kernel/kernel/crash.hpp"

#include "guest-kernel/kernel/process.hpp"
#include "guest-kernel/kernel/scheduler.hpp"
#include "guest-kernel/kernel/wait_queue.hpp"
#include "guest-kernel/mm/require.hpp"
#include "mm/layout.hpp"

namespace guest {
namespace {

constexpr uint32_t nowhere = mm::fixmap_top;  // the last page of the address space is never mapped

[[gnu::noinline]] void crash_by_panic() { require(false, "crash=panic on the command line"); }

[[gnu::noinline]] void crash_by_fault() { *reinterpret_cast<volatile uint32_t*>(nowhere) = 1; }

// A local array that ends this stack's free part, and begins at its guard.
[[gnu::noinline]] void overrun() {
    const uint32_t here = frame_pointer(), guard = reinterpret_cast<uint32_t>(&current().guard);
    auto* const array = static_cast<volatile char*>(__builtin_alloca(here - guard));
    for (uint32_t i = 0; i < here - guard; ++i) array[i] = 0;
}

[[gnu::noinline]] void crash_by_overrun() {
    require(kernel_thread([](void*) {}, nullptr) > 0, "no memory for a kernel thread");
    overrun();
    yield_current();
}

[[gnu::noinline]] void crash_by_deadlock() {
    WaitQueue nobody_wakes;
    sleep(nobody_wakes);
}

}  // namespace

void crash(Text how) {
    if (how == "panic") crash_by_panic();
    if (how == "fault") crash_by_fault();
    if (how == "stack") crash_by_overrun();
    if (how == "deadlock") crash_by_deadlock();
}

}  // namespace guest
