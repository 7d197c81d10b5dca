// SPDX-License-Identifier: LGPL-2.1-or-later
// The events of a trace as values: what the recorder gives to the encoder and the decoder gives to a reader.
#pragma once

#include "mm/trace.hpp"

namespace mm::trace {

struct State {
    Control control{};
    uint64_t pdpte[4] = {};  // meaningful in PAE paging
};

struct ControlWrite { EventId which; uint32_t value, ip; };  // cr0_write, cr3_write or cr4_write
struct TaskSwitch { uint32_t cr3, ip; };
struct InvalidatePage { VirtAddr linear; uint32_t ip; };
struct PdpteLoad { uint64_t pdpte[4]; };

// A walk with the entries it read (as the walk left them: A and D updates included); reads is 0, 1 or 2.
struct WalkRecord {
    Vpn page{};
    Access access{};
    bool fault = false;
    unsigned reads = 0;
    uint64_t pde = 0, pte = 0;
};
struct ObservedWalk {
    WalkRecord walk;
    bool pde_written = false, pte_written = false;
};
inline constexpr uint16_t all_profiles = 0xFFFF;
struct ModelWalk {
    WalkRecord walk;
    RefillCause cause = RefillCause::other;
    uint16_t profiles = all_profiles;  // bit n: the n-th profile; all_profiles: every one that the recording has
};

struct PageFault { VirtAddr linear; uint32_t ip; PageFaultCode code; };
struct Flush { RefillCause cause; uint8_t profile; Dropped dropped; };
struct Interrupt { uint8_t vector; InterruptKind kind; bool user; uint32_t ip; };
struct InterruptReturn { bool user; };
struct SpanName { uint16_t span; const char* text; };  // NUL-terminated; of a decoded event: inside the packet
struct SpanEdge { EventId which; uint16_t span; uint32_t instructions; };  // span_begin or span_end
struct Mark { uint32_t value; };
struct Counters {
    uint8_t profile;
    uint64_t instructions;
    LookupCounts instruction, data;
};

}  // namespace mm::trace
