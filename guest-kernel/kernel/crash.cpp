// SPDX-License-Identifier: LGPL-2.1-or-later
// The bugs, behind functions of their own: their names must show in the back trace.
#include "guest-kernel/kernel/crash.hpp"

#include "guest-kernel/mm/require.hpp"
#include "mm/layout.hpp"

namespace guest {
namespace {

constexpr uint32_t nowhere = mm::fixmap_top;  // the last page of the address space is never mapped

[[gnu::noinline]] void crash_by_panic() { require(false, "crash=panic on the command line"); }

[[gnu::noinline]] void crash_by_fault() { *reinterpret_cast<volatile uint32_t*>(nowhere) = 1; }

}  // namespace

void crash(Text how) {
    if (how == "panic") crash_by_panic();
    if (how == "fault") crash_by_fault();
}

}  // namespace guest
