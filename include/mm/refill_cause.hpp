// SPDX-License-Identifier: LGPL-2.1-or-later
// Who pays for a walk: why the page was not in the modelled TLB.
#pragma once

#include <stdint.h>

namespace mm {

enum class RefillCause : uint8_t {
    first_touch,     // this translation was never cached here
    evicted,         // it was, and no flush dropped it: capacity, conflict, or replaced by another entry for its page
    fault,           // the walk faulted: nothing was cached
    // The flush that dropped it:
    context_switch,  // MOV CR3
    split_switch,    // MOV CR3 executed in a trampoline region
    invlpg,
    control,         // CR0.PG, CR4.PGE, PAE or PSE changed, CR4.SMEP was set; INVPCID; reset
    page_fault,      // the address faulted before
    task_switch,     // a hardware task switch
    smm,             // SMM entry, RSM
    kmap_wrap,       // the guest said so: the pool of persistent kernel mappings was used up and flushed
    vmalloc_purge,   // the guest said so: lazily freed vmalloc areas were purged
};
inline constexpr unsigned refill_causes = 12;
constexpr const char* name(RefillCause c) {
    constexpr const char* names[] = {"first_touch", "evicted", "fault", "context_switch", "split_switch", "invlpg",
                                     "control", "page_fault", "task_switch", "smm", "kmap_wrap", "vmalloc_purge"};
    return names[static_cast<unsigned>(c)];
}
// Whether it is one of the flushes.
constexpr bool is_flush(RefillCause c) { return c > RefillCause::fault; }

}  // namespace mm
