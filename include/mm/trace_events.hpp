// SPDX-License-Identifier: LGPL-2.1-or-later
// The events of a trace as values: what the recorder gives to the encoder and the decoder gives to a reader.
#pragma once

#include "mm/trace.hpp"

namespace mm::trace {

struct State {
    Control control{};
    uint64_t pdpte[4] = {};  // meaningful in PAE paging
    uint32_t cr3_high = 0;   // in long mode
};

struct ControlWrite { EventId which; uint32_t value, ip; };  // cr0_write, cr3_write or cr4_write
struct TaskSwitch { uint32_t cr3, ip; };
struct InvalidatePage { VirtAddr linear; uint32_t ip; };
struct InvalidatePcid { InvpcidType type; VirtAddr linear; uint32_t ip; };
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
// model_walk if all profiles walked and none had the directory entry cached, else profile_walk.
struct ModelWalk {
    WalkRecord walk;
    RefillCause cause = RefillCause::first_touch;
    uint16_t profiles = all_profiles;  // bit n: the n-th profile; all_profiles: every one that the recording has
    uint16_t cached = 0;               // of these: whose pde came from its cache, so that one entry fewer was read from memory
};

// A walk of long mode, as the walk left the entries.
struct LongWalkRecord {
    uint64_t page = 0;  // 52 bits
    Access access{};
    bool fault = false;
    unsigned reads = 0;
    uint8_t written = 0;  // bit n: the n-th entry
    uint64_t entry[most_long_levels] = {};
};
// The table that CR3 names: without its PCID and what else is in its other bits.
constexpr PhysAddr long_root(const State& s) { return PhysAddr{(uint64_t{s.cr3_high} << 32 | s.control.cr3) & 0x000FFFFFFFFFF000}; }
// Walked again, by its entries.
constexpr LongWalk view(const LongWalkRecord& r, const State& s) {
    unsigned next = 0;
    return long_walk(long_root(s), r.page << page_shift, s.control,
                     [&](PhysAddr) { return next < r.reads ? r.entry[next++] : 0; });
}
struct LongPageFault { uint64_t linear, ip; PageFaultCode code; };
struct LongInvalidatePage { uint64_t linear, ip; };
struct LongInvalidatePcid { InvpcidType type; uint16_t pcid; uint64_t linear, ip; };
struct LongRoot { uint32_t high; };  // follows a state or cr3_write event whose CR3 has more than 32 bits

struct PageFault { VirtAddr linear; uint32_t ip; PageFaultCode code; };
struct Flush { RefillCause cause; uint8_t profile; Dropped dropped; };  // dropped.pde is cut to 255
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
struct SecondHits { uint8_t profile; uint32_t hits; };
struct FastCall { FastCallKind kind; uint32_t ip; };

// A use of a translation that the page tables no longer say.
struct Stale {
    uint16_t site = 0;
    VirtAddr linear{};
    StaleKind kind{};
    TableLevel level{};
    Access access{};
    bool large = false, global = false, mapped = false, used_by_bochs = false;  // large, global: of the stale translation
    FrameOwner old_owner{};
    uint16_t profiles = 0;  // bit n: the n-th has it cached
    uint32_t ip = 0;
    struct Change {
        EntryWriter how{};
        uint8_t cpu = 0;
        uint32_t ip = 0;
        uint64_t ticks = 0;
        PhysAddr entry_at{};
        uint64_t old_entry = 0, new_entry = 0;
    } change;
    struct Cached {
        AccessKind access{};
        uint32_t ip = 0;
        uint64_t ticks = 0;
    } cached;
    Pfn old_frame{}, new_frame{};
    VirtAddr old_mapped_at{};
};
struct StaleUses { uint16_t site; uint32_t uses; };
struct EntryWrite { PhysAddr at; uint64_t value; EntryWriter how; uint32_t ip; };

struct Instruction { uint32_t ip; };
struct Task { uint32_t pid, instructions; const char* name; };  // NUL-terminated; of a decoded event: inside the packet

// One lookup of a `references` event, made `repeats` times more at once.
struct Reference {
    Vpn page{};
    Access access{};
    unsigned repeats = 0;

    static constexpr unsigned max_repeats = 511;
    constexpr uint32_t encode() const {
        return page.raw | static_cast<uint32_t>(access.kind) << 20 | uint32_t{access.user} << 22 | repeats << 23;
    }
    static constexpr Reference decode(uint32_t w) {
        return {Vpn{w & 0xFFFFF}, {static_cast<AccessKind>(w >> 20 & 3), (w >> 22 & 1) != 0}, w >> 23};
    }
};
inline constexpr unsigned max_references = 64;  // words of one event
struct References {
    unsigned count;
    const uint8_t* words;  // little endian; of a decoded event: inside the packet

    constexpr Reference at(unsigned n) const {
        const uint8_t* const w = words + 4 * n;
        return Reference::decode(w[0] | uint32_t{w[1]} << 8 | uint32_t{w[2]} << 16 | uint32_t{w[3]} << 24);
    }
};
static_assert(Reference::decode(Reference{Vpn{0xABCDE}, {AccessKind::execute, true}, 300}.encode()).repeats == 300);

}  // namespace mm::trace
