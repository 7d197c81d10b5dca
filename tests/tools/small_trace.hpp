// SPDX-License-Identifier: LGPL-2.1-or-later
// A small trace in which every kind of event occurs and every number is known: the golden trace of tests/tools/data.
#pragma once

#include "trace_builder.hpp"

namespace tests {

// 3:1 with a page directory at 0x1000, user code at 0x08048000 (frame 0x500), kernel in large global pages, one kmap slot that shows
// HIGHMEM frame 0x38010. Two null-syscall spans around which nothing else happens, one ctx-2p-0k span with a CR3 write.
struct SmallTrace {
    static trace::State state() {
        trace::State s;
        s.control = {mm::cr0_pe | mm::cr0_pg | mm::cr0_wp, 0x1000, mm::cr4_pse | mm::cr4_pge, 0, 36};
        return s;
    }
    static trace::ModelWalk walk(uint32_t linear, mm::AccessKind kind, bool user, uint64_t pde, uint64_t pte, mm::RefillCause cause, bool fault = false) {
        const unsigned reads = (pde & 0x81) == 1 ? 2 : 1;
        return {{mm::page_of(mm::VirtAddr{linear}), {kind, user}, fault, reads, pde, pte}, cause, trace::all_profiles};
    }

    // The kmap slot was given another frame 5 ticks before, and is used before the INVLPG that should have come.
    static trace::Stale stale() {
        trace::Stale e;
        e.linear = mm::VirtAddr{0xFF800123};
        e.kind = mm::StaleKind::frame_changed, e.level = mm::TableLevel::pte;
        e.access = {mm::AccessKind::write, false};
        e.global = true, e.mapped = true;
        e.profiles = 1;
        e.ip = 0xC0100056;
        e.change = {mm::EntryWriter::instruction, 0, 0xC0100048, 2075, mm::PhysAddr{0x3000}, 0x38010163, 0x38011163};
        e.cached = {mm::AccessKind::write, 0xC0100034, 2050};
        e.old_frame = mm::Pfn{0x38010}, e.new_frame = mm::Pfn{0x38011};
        return e;
    }

    static std::string stream(size_t packet_bytes = trace::max_packet_bytes) {
        using enum mm::AccessKind;
        using enum mm::RefillCause;
        using Id = trace::EventId;
        StreamBuilder b{state(), packet_bytes};
        const uint64_t user_pde = 0x2067, user_pte = 0x00500025, kernel_pde = 0x020001E3, kmap_pde = 0x3063, kmap_pte = 0x38010163;
        b.add(100, trace::SpanName{0, "null-syscall"});
        b.add(101, trace::SpanName{1, "ctx-2p-0k"});
        b.add(110, trace::ControlWrite{Id::cr0_write, mm::cr0_pe | mm::cr0_pg | mm::cr0_wp, 0xC0100000});
        b.add(111, trace::ControlWrite{Id::cr4_write, mm::cr4_pse | mm::cr4_pge, 0xC0100010});
        b.add(120, walk(0xC2001000, execute, false, kernel_pde, 0, first_touch));                        // NORMAL, large page: 1 read
        b.add(121, trace::ObservedWalk{walk(0xC2001000, execute, false, kernel_pde, 0, first_touch).walk, true, false});
        b.add(130, walk(0x08048000, execute, true, user_pde, user_pte, first_touch));                    // DMA: 2 reads
        b.add(131, trace::ObservedWalk{walk(0x08048000, execute, true, user_pde, user_pte, first_touch).walk, true, true});
        for (uint64_t call = 0; call < 2; ++call) {
            const uint64_t at = 1000 + 100 * call;
            b.add(at, trace::SpanEdge{Id::span_begin, 0, static_cast<uint32_t>(at)});
            b.add(at + 1, trace::Interrupt{0x80, trace::InterruptKind::software, true, 0x08048010});
            b.add(at + 20, trace::InterruptReturn{true});
            b.add(at + 21 + call, trace::SpanEdge{Id::span_end, 0, static_cast<uint32_t>(at + 21 + call)});
        }
        b.add(2000, trace::SpanEdge{Id::span_begin, 1, 2000});
        b.add(2010, trace::ControlWrite{Id::cr3_write, 0x5000, 0xC0100020});
        b.add(2011, trace::Flush{context_switch, 0, {1, 0, 0, 0}});
        b.add(2020, walk(0x08048000, execute, true, user_pde, user_pte, context_switch));          // the same page, refilled
        b.add(2030, walk(0xFF800000, write, false, kmap_pde, kmap_pte, first_touch));                    // HIGHMEM
        b.add(2031, trace::ObservedWalk{walk(0xFF800000, write, false, kmap_pde, kmap_pte, first_touch).walk, false, true});
        b.add(2040, trace::InvalidatePage{mm::VirtAddr{0xFF800000}, 0xC0100030});
        b.add(2041, trace::Flush{invlpg, 0, {0, 1, 0, 0}});
        b.add(2045, trace::InvalidatePcid{trace::InvpcidType::address, mm::VirtAddr{0x10000000}, 0xC0100040});
        b.add(2050, walk(0xFF800000, write, false, kmap_pde, kmap_pte, invlpg));
        b.add(2060, walk(0x10000000, read, true, 0, 0, fault, true));                              // faults: zone `other`
        b.add(2061, trace::PageFault{mm::VirtAddr{0x10000000}, 0x08048020, mm::PageFaultCode::decode(4)});
        b.add(2070, trace::InterruptReturn{true});
        b.add(2080, stale());
        b.add(2100, trace::SpanEdge{Id::span_end, 1, 2100});
        b.add(2200, trace::Mark{42});
        b.add(2900, trace::StaleUses{0, 3});
        b.add(3000, trace::Counters{0, 3000, {2500, 3, 3}, {900, 3, 3}});
        return b.bytes();
    }

    static std::string run_json(bool complete = true) {
        const std::string head = R"({"schema": 1, "complete": )" + std::string{complete ? "true" : "false"} + R"(,
  "end": {"reason": ")" + (complete ? "shutdown" : "running") + R"(", "detail": "", "guest_failures": 0},
  "split": "3:1", "paging": "classic", "memory_mib": 1024, "guest": "golden", "cpu_model": "none", "cpus": 1,
  "instructions": 3000, "ticks": 3000, "ips": 50000000, "profiles": ["p6"],
  "zones": [{"name": "DMA", "node": 0, "start_pfn": 0, "end_pfn": 4096, "present_pages": 4000},
            {"name": "NORMAL", "node": 0, "start_pfn": 4096, "end_pfn": 229376, "present_pages": 225280},
            {"name": "HIGHMEM", "node": 0, "start_pfn": 229376, "end_pfn": 262128, "present_pages": 32752}],
  "regions": [{"name": "user", "start": 4096, "end": 3221225472}, {"name": "lowmem", "start": 3221225472, "end": 4160749568},
              {"name": "pkmap", "start": 4286578688, "end": 4290772992}],
  "spans": [{"id": 0, "name": "null-syscall"}, {"id": 1, "name": "ctx-2p-0k"}],
  "symbols": "", "warnings": [],
  "stale": {"mode": "used", "changes": 7, "held": 2, "sites": 1, "uses": 3, "most_translations": 1, "unfollowed": 0})";
        if (!complete) return head + "}\n";
        return head + R"(,
  "final": [{"cpu": 0, "instructions": 3000, "idle_ticks": 0, "cr3_writes": 1, "invlpg": 1, "page_faults": 1, "walk_reads": 5,
    "walk_writes": 4, "pdpte_loads": 0, "fills_read": 0, "fills_write": 1, "fills_execute": 2,
    "models": [{"profile": "p6", "itlb_lookups": 2500, "itlb_misses": 3, "dtlb_lookups": 900, "dtlb_misses": 3, "walks": 6}]}]}
)";
    }

    static void write(const std::filesystem::path& directory) { write_trace(directory, stream(), run_json()); }
};

}  // namespace tests
