// SPDX-License-Identifier: LGPL-2.1-or-later
// The trace format: which events there are and what their fields mean, as data. The CTF metadata (trace_tsdl.hpp), the
// encoder and decoder (trace_codec.hpp) and doc/trace-format.md follow this; tests compare them field by field.
//
//   stream file = packets; packet = PacketHeader, then events; event = 4-byte header (5-bit id, 27 low bits of the time
//   in ticks; or 13 bytes with a full id and time), then the payload. All little endian, packed, no padding between events.
//
// Versions
//   1  first: 32-bit paging modes; control, walk, flush, interrupt, span and counter events.
//   2  many profiles in one recording: profile_walk, second_hits; finer causes; flush and counters tell of second levels and
//      directory entries' caches; fast_call, references.
//   3  missing flushes: stale, stale_uses, entry_write; invpcid; who does what: instruction, task.
//   4  long mode: long_walk, long_page_fault, long_invlpg, long_root, long_invpcid.
#pragma once

#include "mm/long_walk.hpp"
#include "mm/mmu_counts.hpp"
#include "mm/refill_cause.hpp"
#include "mm/stale.hpp"
#include "mm/trace_field.hpp"

namespace mm::trace {

inline constexpr uint32_t version = 4;

inline constexpr uint32_t packet_magic = 0xC1FC1FC1;             // CTF 1.8, 5.1.1
inline constexpr uint32_t max_packet_bytes = 64 * 1024;
inline constexpr uint64_t max_packet_ticks = 16 * 1000 * 1000;   // a packet is closed by then, so that a kill loses little
inline constexpr uint64_t counter_interval_ticks = 1000 * 1000;  // between two `counters` events
inline constexpr unsigned timestamp_bits = 27;
inline constexpr uint32_t extended_id = 31;

// Packet header and context. content_bits and packet_bits are equal: packets carry no padding.
struct PacketHeader {
    uint32_t magic = packet_magic;
    uint32_t stream_id = 0;
    uint64_t begin_ticks = 0, end_ticks = 0;    // of the first and the last event, inclusive
    uint64_t content_bits = 0, packet_bits = 0; // from the start of this header
    uint32_t cpu = 0;
    uint32_t sequence = 0;                      // counts the packets of its stream from 0, without gaps
};
inline constexpr uint32_t packet_header_bytes = 48;
static_assert(sizeof(PacketHeader) == packet_header_bytes);

enum class EventId : uint8_t {
    state, cr0_write, cr3_write, cr4_write, task_switch, invlpg, pdpte_load, observed_walk, model_walk, page_fault, flush,
    interrupt, interrupt_return, span_name, span_begin, span_end, mark, counters, profile_walk, second_hits, fast_call, references,
    stale, stale_uses, entry_write, instruction, task, invpcid,
    long_walk, long_page_fault, long_invlpg, long_root, long_invpcid,
};
inline constexpr unsigned event_kinds = 33;

enum class InterruptKind : uint8_t { external, software, exception };
// INVPCID's types (SDM vol. 2): of one address, of one PCID, of all with global translations, of all without.
enum class InvpcidType : uint8_t { address, context, all_and_global, all };
enum class FastCallKind : uint8_t { sysenter, sysexit, syscall, sysret };

namespace detail {
inline constexpr const char* access_labels[] = {"read", "write", "execute", nullptr};
inline constexpr const char* cause_labels[] = {"first_touch", "evicted", "fault", "context_switch", "split_switch", "invlpg", "control",
                                               "page_fault", "task_switch", "smm", "kmap_wrap", "vmalloc_purge", nullptr};
inline constexpr const char* interrupt_labels[] = {"external", "software", "exception", nullptr};
inline constexpr const char* fast_call_labels[] = {"sysenter", "sysexit", "syscall", "sysret", nullptr};
inline constexpr const char* invpcid_labels[] = {"address", "context", "all_and_global", "all", nullptr};
inline constexpr const char* cause_meaning = "why it was not cached: never was, pushed out, the walk faulted, or the flush that had dropped it";
inline constexpr const char* pde_meaning = "directory entry read, low word first; empty: as in this packet's last walk of the same directory slot";
inline constexpr const char* pte_meaning = "table entry read, low word first; empty: none was read, or as last seen in this packet (see doc)";

inline constexpr Field state[] = {
    {"cr0", 32, true, nullptr, nullptr, "CR0"},
    {"cr3", 32, true, nullptr, nullptr, "CR3"},
    {"cr4", 32, true, nullptr, nullptr, "CR4"},
    {"efer", 32, true, nullptr, nullptr, "low half of IA32_EFER"},
    {"physical_bits", 8, false, nullptr, nullptr, "MAXPHYADDR of the CPU, in bits"},
    {"pdptes", 8, false, nullptr, nullptr, "4 in PAE paging, else 0"},
    {"pdpte", 64, true, "pdptes", nullptr, "the PDPTE registers"}};
inline constexpr Field control_write[] = {
    {"value", 32, true, nullptr, nullptr, "the value written"},
    {"ip", 32, true, nullptr, nullptr, "linear address of the instruction"}};
inline constexpr Field task_switch[] = {
    {"cr3", 32, true, nullptr, nullptr, "CR3 after the task switch"},
    {"ip", 32, true, nullptr, nullptr, "linear address of the instruction"}};
inline constexpr Field invlpg[] = {
    {"linear", 32, true, nullptr, nullptr, "the linear address whose page is invalidated"},
    {"ip", 32, true, nullptr, nullptr, "linear address of the instruction"}};
inline constexpr Field pdpte_load[] = {{"pdpte", 64, true, "4", nullptr, "the PDPTE registers after the load"}};
// What events of walks have in common.
inline constexpr Field walked_page{"page", 20, true, nullptr, nullptr, "linear page number: linear address / 4096"};
inline constexpr Field missed_access{"access", 2, false, nullptr, access_labels, "the access that missed"};
inline constexpr Field by_program{"user", 1, false, nullptr, nullptr, "1 if the access was made at CPL 3"};
inline constexpr Field nothing_cached{"fault", 1, false, nullptr, nullptr, "1 if the walk ended in a page fault and nothing was cached"};
inline constexpr Field miss_cause{"cause", 4, false, nullptr, cause_labels, cause_meaning};
inline constexpr Field pde_words{"pde_words", 2, false, nullptr, nullptr, "32-bit words of pde that follow"};
inline constexpr Field pte_words{"pte_words", 2, false, nullptr, nullptr, "32-bit words of pte that follow"};
inline constexpr Field pde{"pde", 32, true, "pde_words", nullptr, pde_meaning};
inline constexpr Field pte{"pte", 32, true, "pte_words", nullptr, pte_meaning};
inline constexpr Field observed_walk[] = {
    walked_page,
    {"access", 2, false, nullptr, access_labels, "what Bochs' TLB was filled for"},
    by_program,
    {"fault", 1, false, nullptr, nullptr, "1 if the walk ended in a page fault and nothing was filled"},
    pde_words,
    pte_words,
    {"pde_written", 1, false, nullptr, nullptr, "1 if the walk set A or D in the directory entry"},
    {"pte_written", 1, false, nullptr, nullptr, "1 if the walk set A or D in the table entry"},
    {"unused", 2, false, nullptr, nullptr, "0"},
    pde,
    pte};
inline constexpr Field model_walk[] = {walked_page, missed_access, by_program, nothing_cached, miss_cause, pde_words, pte_words, pde, pte};
inline constexpr Field profile_walk[] = {
    walked_page, missed_access, by_program, nothing_cached, miss_cause, pde_words, pte_words,
    {"profiles", 16, true, nullptr, nullptr, "bit n: the n-th profile of the recording walked"},
    {"cached", 16, true, nullptr, nullptr, "bit n: its directory entry came from its cache of such entries, not from memory"},
    pde, pte};
inline constexpr Field page_fault[] = {
    {"linear", 32, true, nullptr, nullptr, "CR2: the address that faulted"},
    {"ip", 32, true, nullptr, nullptr, "linear address of the instruction"},
    {"code", 8, true, nullptr, nullptr, "error code, SDM vol. 3 figure 4-12"}};
inline constexpr Field flush[] = {
    {"cause", 4, false, nullptr, cause_labels, "what flushed"},
    {"profile", 4, false, nullptr, nullptr, "number of the profile in the recording"},
    {"instruction_dropped", 12, false, nullptr, nullptr, "valid first-level instruction TLB entries dropped, of both page sizes; 4095: or more"},
    {"data_dropped", 12, false, nullptr, nullptr, "valid first-level data, or unified, TLB entries dropped, of both page sizes; 4095: or more"},
    {"second_dropped", 16, false, nullptr, nullptr, "valid second-level entries dropped"},
    {"pde_dropped", 8, false, nullptr, nullptr, "cached directory entries dropped; 255: or more"}};
inline constexpr Field interrupt[] = {
    {"vector", 8, false, nullptr, nullptr, "interrupt vector; page faults (14) have an event of their own"},
    {"kind", 2, false, nullptr, interrupt_labels, "where it came from"},
    {"user", 1, false, nullptr, nullptr, "1 if it interrupted CPL 3"},
    {"unused", 5, false, nullptr, nullptr, "0"},
    {"ip", 32, true, nullptr, nullptr, "linear address of the interrupted instruction, or of the INT"}};
inline constexpr Field interrupt_return[] = {
    {"user", 1, false, nullptr, nullptr, "1 if it returned to CPL 3"},
    {"unused", 7, false, nullptr, nullptr, "0"}};
inline constexpr Field span_name[] = {
    {"span", 16, false, nullptr, nullptr, "span id"},
    {"text", 0, false, nullptr, nullptr, "the name that the guest gave it"}};
inline constexpr Field span_edge[] = {
    {"span", 16, false, nullptr, nullptr, "span id"},
    {"instructions", 32, false, nullptr, nullptr, "instructions executed so far, REP iterations each one, idle time not; modulo 2^32"}};
inline constexpr Field mark[] = {{"value", 32, false, nullptr, nullptr, "the guest's number"}};
inline constexpr Field counters[] = {
    {"profile", 8, false, nullptr, nullptr, "number of the profile in the recording"},
    {"instructions", 64, false, nullptr, nullptr, "instructions executed so far, REP iterations each one, idle time not"},
    {"instruction_lookups", 64, false, nullptr, nullptr, "lookups for fetches so far"},
    {"instruction_misses", 64, false, nullptr, nullptr, "of which the first level did not serve"},
    {"instruction_walks", 64, false, nullptr, nullptr, "of which no level served"},
    {"data_lookups", 64, false, nullptr, nullptr, "lookups for loads and stores so far"},
    {"data_misses", 64, false, nullptr, nullptr, "of which the first level did not serve"},
    {"data_walks", 64, false, nullptr, nullptr, "of which no level served"}};
inline constexpr Field second_hits[] = {
    {"profile", 8, false, nullptr, nullptr, "number of the profile in the recording"},
    {"hits", 32, false, nullptr, nullptr, "lookups that the second level served since this profile's last such event"}};
inline constexpr Field fast_call[] = {
    {"kind", 2, false, nullptr, fast_call_labels, "the instruction"},
    {"unused", 6, false, nullptr, nullptr, "0"},
    {"ip", 32, true, nullptr, nullptr, "its linear address"}};
inline constexpr Field references[] = {
    {"count", 16, false, nullptr, nullptr, "words that follow"},
    {"words", 32, true, "count", nullptr, "lookups in order: page in bits 19:0, access in 21:20, user in 22, how often again at once in 31:23"}};
inline constexpr Field stale[] = {
    {"site", 16, false, nullptr, nullptr, "number of the report: sites are counted from 0"},
    {"linear", 32, true, nullptr, nullptr, "linear address of the access"},
    {"kind", 4, false, nullptr, stale_kind_labels, "what is wrong"},
    {"level", 2, false, nullptr, table_level_labels, "the entry that was changed"},
    {"access", 2, false, nullptr, access_labels, "the access"},
    {"user", 1, false, nullptr, nullptr, "1 if the access was made at CPL 3"},
    {"how", 3, false, nullptr, entry_writer_labels, "who changed the entry"},
    {"large", 1, false, nullptr, nullptr, "1 if the stale translation is of a large page"},
    {"global", 1, false, nullptr, nullptr, "1 if it survives MOV CR3"},
    {"mapped", 1, false, nullptr, nullptr, "1 if the page tables map the address now"},
    {"used_by_bochs", 1, false, nullptr, nullptr, "1 if Bochs itself used the stale frame"},
    {"cached_access", 2, false, nullptr, access_labels, "what the translation was walked for"},
    {"old_owner", 2, false, nullptr, frame_owner_labels, "what the stale frame is now"},
    {"unused", 4, false, nullptr, nullptr, "0"},
    {"cpu", 8, false, nullptr, nullptr, "the CPU that changed the entry"},
    {"profiles", 16, true, nullptr, nullptr, "bit n: the n-th profile of the recording really still has it cached"},
    {"ip", 32, true, nullptr, nullptr, "linear address of the instruction that used it; of a fetch: where it went"},
    {"writer_ip", 32, true, nullptr, nullptr, "linear address of the instruction that changed the entry, or of the MOV to CR3"},
    {"writer_time", 64, false, nullptr, nullptr, "when, in ticks"},
    {"cached_ip", 32, true, nullptr, nullptr, "linear address of the instruction that the translation was walked for"},
    {"cached_time", 64, false, nullptr, nullptr, "when, in ticks"},
    {"entry_at", 64, true, nullptr, nullptr, "physical address of the entry"},
    {"old_entry", 64, true, nullptr, nullptr, "its value when the translation was cached"},
    {"new_entry", 64, true, nullptr, nullptr, "its value after the change"},
    {"old_frame", 32, true, nullptr, nullptr, "frame of the 4 KiB page that the stale translation leads to"},
    {"new_frame", 32, true, nullptr, nullptr, "frame that the page tables say now; 0 if they map none"},
    {"old_mapped_at", 32, true, nullptr, nullptr, "a linear address through which the stale frame was last written; 0: none is known"}};
inline constexpr Field stale_uses[] = {
    {"site", 16, false, nullptr, nullptr, "number of the report"},
    {"uses", 32, false, nullptr, nullptr, "uses at this site so far"}};
inline constexpr Field long_walk[] = {
    {"page", 52, true, nullptr, nullptr, "linear page number: linear address / 4096"},
    {"access", 2, false, nullptr, access_labels, "what Bochs' TLB was filled for"},
    by_program,
    {"fault", 1, false, nullptr, nullptr, "1 if the walk ended in a page fault and nothing was filled"},
    {"reads", 3, false, nullptr, nullptr, "entries that the walk read, from the root's on"},
    {"given", 3, false, nullptr, nullptr, "of these, the last ones, which follow; the others are as last seen in this packet (see doc)"},
    {"written", 5, true, nullptr, nullptr, "bit n: the walk set A or D in the n-th entry that it read"},
    {"unused", 5, false, nullptr, nullptr, "0"},
    {"entry", 64, true, "given", nullptr, "entries read, the leaf's last"}};
inline constexpr Field long_page_fault[] = {
    {"linear", 64, true, nullptr, nullptr, "CR2: the address that faulted"},
    {"ip", 64, true, nullptr, nullptr, "linear address of the instruction"},
    {"code", 8, true, nullptr, nullptr, "error code, SDM vol. 3 figure 4-12"}};
inline constexpr Field long_invlpg[] = {
    {"linear", 64, true, nullptr, nullptr, "the linear address whose page is invalidated"},
    {"ip", 64, true, nullptr, nullptr, "linear address of the instruction"}};
inline constexpr Field long_root[] = {{"high", 32, true, nullptr, nullptr, "bits 63:32 of CR3"}};
inline constexpr Field long_invpcid[] = {
    {"type", 2, false, nullptr, invpcid_labels, "the type of invalidation"},
    {"unused", 2, false, nullptr, nullptr, "0"},
    {"pcid", 12, false, nullptr, nullptr, "of types 0 and 1: the PCID; else 0"},
    {"linear", 64, true, nullptr, nullptr, "of type 0: the linear address; else 0"},
    {"ip", 64, true, nullptr, nullptr, "linear address of the instruction"}};
inline constexpr Field entry_write[] = {
    {"at", 64, true, nullptr, nullptr, "physical address of the entry"},
    {"value", 64, true, nullptr, nullptr, "its new value; of 32-bit paging: the low half"},
    {"how", 3, false, nullptr, entry_writer_labels, "who wrote it"},
    {"unused", 5, false, nullptr, nullptr, "0"},
    {"ip", 32, true, nullptr, nullptr, "linear address of the instruction; 0 for a device"}};
inline constexpr Field invpcid[] = {
    {"type", 2, false, nullptr, invpcid_labels, "the type of invalidation"},
    {"unused", 6, false, nullptr, nullptr, "0"},
    {"linear", 32, true, nullptr, nullptr, "of type 0: the linear address; else 0"},
    {"ip", 32, true, nullptr, nullptr, "linear address of the instruction"}};

inline constexpr Field instruction[] = {{"ip", 32, true, nullptr, nullptr, "linear address of the instruction; of a fetch: where it went"}};
inline constexpr Field task[] = {
    {"pid", 32, false, nullptr, nullptr, "the kernel's number of the task; 0: its idle task, or not known"},
    {"instructions", 32, false, nullptr, nullptr, "instructions executed so far, REP iterations each one, idle time not; modulo 2^32"},
    {"name", 0, false, nullptr, nullptr, "its name"}};

template <unsigned N>
constexpr EventKind kind(EventId id, const char* name, const char* meaning, const Field (&fields)[N]) {
    return {id, name, meaning, fields, N};
}
}  // namespace detail

inline constexpr EventKind kinds[event_kinds] = {
    detail::kind(EventId::state, "state", "the registers that translation depends on; first event of every packet, and again when IA32_EFER changes", detail::state),
    detail::kind(EventId::cr0_write, "cr0_write", "CR0 was written", detail::control_write),
    detail::kind(EventId::cr3_write, "cr3_write", "MOV to CR3 was executed, paging on or off", detail::control_write),
    detail::kind(EventId::cr4_write, "cr4_write", "CR4 was written", detail::control_write),
    detail::kind(EventId::task_switch, "task_switch", "a hardware task switch loaded CR3", detail::task_switch),
    detail::kind(EventId::invlpg, "invlpg", "INVLPG was executed", detail::invlpg),
    detail::kind(EventId::pdpte_load, "pdpte_load", "the PDPTE registers were loaded from memory", detail::pdpte_load),
    detail::kind(EventId::observed_walk, "observed_walk", "Bochs walked the page tables and filled its own TLB", detail::observed_walk),
    detail::kind(EventId::model_walk, "model_walk", "the modelled TLBs of every profile missed and walked the page tables, and read every entry from memory", detail::model_walk),
    detail::kind(EventId::page_fault, "page_fault", "a page fault was raised", detail::page_fault),
    detail::kind(EventId::flush, "flush", "what an invalidation dropped from a modelled TLB", detail::flush),
    detail::kind(EventId::interrupt, "interrupt", "an interrupt or exception was delivered", detail::interrupt),
    detail::kind(EventId::interrupt_return, "interrupt_return", "IRET was executed", detail::interrupt_return),
    detail::kind(EventId::span_name, "span_name", "the guest named a span", detail::span_name),
    detail::kind(EventId::span_begin, "span_begin", "a measured operation begins", detail::span_edge),
    detail::kind(EventId::span_end, "span_end", "the measured operation ends", detail::span_edge),
    detail::kind(EventId::mark, "mark", "the guest set a mark", detail::mark),
    detail::kind(EventId::counters, "counters", "the model's counts so far", detail::counters),
    detail::kind(EventId::profile_walk, "profile_walk", "as model_walk, for some of the profiles only", detail::profile_walk),
    detail::kind(EventId::second_hits, "second_hits", "lookups served by a modelled second-level TLB", detail::second_hits),
    detail::kind(EventId::fast_call, "fast_call", "SYSENTER, SYSEXIT, SYSCALL or SYSRET was executed", detail::fast_call),
    detail::kind(EventId::references, "references", "lookups one by one; only in recordings with references", detail::references),
    detail::kind(EventId::stale, "stale", "first use, at this site, of a translation that a missing flush left behind", detail::stale),
    detail::kind(EventId::stale_uses, "stale_uses", "how often a site has used stale translations", detail::stale_uses),
    detail::kind(EventId::entry_write, "entry_write", "an entry of a page table in use was written, not by the processor's walk; only in recordings with references", detail::entry_write),
    detail::kind(EventId::instruction, "instruction", "who made the walks that follow, up to the next such event", detail::instruction),
    detail::kind(EventId::task, "task", "another task runs, or it has another name; only of kernels whose memory is understood", detail::task),
    detail::kind(EventId::invpcid, "invpcid", "INVPCID was executed", detail::invpcid),
    detail::kind(EventId::long_walk, "long_walk", "in long mode, Bochs walked the page tables and filled its own TLB", detail::long_walk),
    detail::kind(EventId::long_page_fault, "long_page_fault", "a page fault was raised in long mode", detail::long_page_fault),
    detail::kind(EventId::long_invlpg, "long_invlpg", "INVLPG was executed in long mode", detail::long_invlpg),
    detail::kind(EventId::long_root, "long_root", "CR3 of the event before has more than 32 bits", detail::long_root),
    detail::kind(EventId::long_invpcid, "long_invpcid", "INVPCID was executed in long mode", detail::long_invpcid),
};

constexpr const EventKind& kind_of(EventId id) { return kinds[static_cast<unsigned>(id)]; }

static_assert([] {
    for (unsigned i = 0; i < event_kinds; ++i)
        if (kinds[i].id != static_cast<EventId>(i)) return false;
    return true;
}(), "kinds is indexed by id");

// Between two byte boundaries bit fields fill whole bytes, so that every event ends on a byte.
static_assert([] {
    for (const EventKind& k : kinds) {
        unsigned bits = 0;
        for (unsigned i = 0; i < k.field_count; ++i)
            if (!k.fields[i].length) bits += k.fields[i].bits;
            else if (bits % 8 != 0) return false;
        if (bits % 8 != 0) return false;
    }
    return true;
}());

}  // namespace mm::trace
