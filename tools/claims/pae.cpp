// SPDX-License-Identifier: LGPL-2.1-or-later
// Claim `pae`: what the other page-table format changes, in sizes, walks and reach.
#include <algorithm>

#include "all.hpp"
#include "common.hpp"
#include "mm/entry.hpp"

namespace tools::claims {
namespace {

constexpr uint64_t large = 64 * mib_per_gib;
constexpr char no_execute[] = "run-data";
constexpr unsigned error_fetch = 16;  // bit 4 of a page fault's error code: an instruction fetch
const std::vector<std::string> workloads{"null-syscall", "ctx-2p-64k", "pagefault", "mmap", "lowmem-near", no_execute};

double reads_per_walk(const SpanFacts& s) {
    return s.walks.walks ? static_cast<double>(s.walks.all_reads()) / static_cast<double>(s.walks.walks) : 0;
}

uint64_t fetch_error(const Facts& f) { return f.fault_code(no_execute); }

template <class F>
void add_format(Table& t, const char* name, unsigned bits) {
    t.row({text(name), uint64_t{8 * sizeof(typename F::Raw)}, uint64_t{mm::entries_per_table<F>},
           uint64_t{mm::large_page_size<F>} / mebibyte, uint64_t{bits}});
}

Findings judge(const Evidence& evidence) {
    const Facts &narrow = evidence.at(classic("3:1")), &wide = evidence.at(pae("3:1")), &huge = evidence.at(pae("3:1", large));
    Table formats{"formats",
                  "the two formats",
                  {{"format"},
                   {"entry_bits", "bits an entry"},
                   {"entries", "entries a table"},
                   {"large_page_mib", "large page MiB"},
                   {"physical_bits", "physical bits"}}};
    add_format<mm::Classic>(formats, "classic", 32);
    add_format<mm::Pae>(formats, "pae", 36);
    Table cost{"cost",
               "of one operation at 3:1 with 1 GiB",
               {{"workload"},
                {"walks_classic", "walks classic"},
                {"walks_pae", "walks PAE"},
                {"reads_classic", "reads a walk"},
                {"reads_pae", "with PAE"},
                {"cycles_classic", "cycles classic"},
                {"extra", "PAE more"}}};
    bool two_reads = true;
    for (const std::string& w : workloads) {
        const SpanFacts &a = narrow.span(w), &b = wide.span(w);
        cost.row({text(w), each(a, a.walks.walks), each(b, b.walks.walks), reads_per_walk(a), reads_per_walk(b),
                  cycles_each(a, narrow.costs), extra_cycles(b, a, narrow.costs)});
        two_reads = two_reads && reads_per_walk(b) <= 2;
    }
    const ZoneInfo& high = huge.zone("HIGHMEM");
    const auto loads = [](const Facts& f) {
        return static_cast<double>(f.observed.pdpte_loads) / static_cast<double>(std::max<uint64_t>(f.observed.cr3_writes, 1));
    };
    Table reach{"reach",
                "of each format",
                {{"format"},
                 {"pdpte_loads", "PDPTE loads a CR3 write"},
                 {"fetch_error", "error code of running data"},
                 {"ram_end_mib", "RAM ends at MiB"}}};
    reach.row({text("classic"), loads(narrow), fetch_error(narrow), narrow.zone("HIGHMEM").end_pfn >> 8});
    reach.row({text("pae"), loads(wide), fetch_error(wide), high.end_pfn >> 8});
    return {{formats, cost, reach},
            {{Weight::core, answer(high.end_pfn > uint64_t{1} << 20),
              "memory above 4 GiB is used: at 64 GiB of RAM HIGHMEM ends at " + in_mib(high.end_pfn << mm::page_shift)},
             {Weight::core, answer(fetch_error(narrow) == 0 && (fetch_error(wide) & error_fetch)),
              "a program that runs its data is stopped with PAE and not with classic tables"},
             {Weight::core, answer(loads(narrow) == 0 && loads(wide) > 0),
              "a write of CR3 loads the four PDPTEs, " + rounded(loads(wide)) + " entries on average"},
             {Weight::note, answer(two_reads),
              "a walk reads no more entries for that: two at most, as the PDPTEs are in registers"}}};
}

}  // namespace

Claim pae_claim() {
    return {
        "pae",
        "PAE has wider entries, an execute-disable bit, more physical bits, and is used for all tables or none.",
        "Runs the same workloads with both formats at 3:1; a program executes a page of its data; a PAE kernel boots with 64 "
        "GiB. Which format is in force is one bit of CR4 for all tables.",
        {{classic("3:1"), workloads}, {pae("3:1"), workloads}, {pae("3:1", large)}},
        {{"PDPTEs", "MOV to CR3 loads the four PDPTE registers from memory", "Intel SDM vol. 3, 4.4.1"},
         {"PAE and 32-bit HIGHMEM4G kernels, 14 tests", "no measurable difference", "Phoronix, 2009, ThinkPad T61 with 4 GB"},
         {"timer ticks on a 525 MHz Celeron, 1,000 Hz", "PAE alone: no difference; PAE with 4:4: 0.31 %", source::molnar_2004}},
        judge};
}

}  // namespace tools::claims
