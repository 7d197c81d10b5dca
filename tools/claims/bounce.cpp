// SPDX-License-Identifier: LGPL-2.1-or-later
// Claim `bounce`: which devices reach which memory, and what a page costs that its device does not reach.
#include "all.hpp"
#include "common.hpp"

namespace tools::claims {
namespace {

constexpr uint64_t memory_mib = 8 * mib_per_gib;
struct Device {
    const char *name, *prefix;
    uint64_t address_bits;  // 0: the processor moves the data
};
constexpr Device devices[] = {
    {"disk, bus-master DMA", "disk", 32}, {"floppy, ISA DMA", "floppy", 24}, {"disk, programmed I/O", "pio", 0}};
struct Place {
    const char *name, *suffix;
    uint64_t reach_bits;  // a device needs so many address lines for it
};
constexpr Place places[] = {
    {"DMA", "dma", 24}, {"NORMAL", "normal", 32}, {"HIGHMEM", "highmem", 32}, {"above 4 GiB", "above4g", 36}};

std::string workload(const Device& d, const Place& p) { return std::string{d.prefix} + "-" + p.suffix; }

std::vector<std::string> workloads() {
    std::vector<std::string> all;
    for (const Device& d : devices)
        for (const Place& p : places) all.push_back(workload(d, p));
    return all;
}

bool reaches(const Device& d, const Place& p) { return d.address_bits == 0 || d.address_bits >= p.reach_bits; }

Findings judge(const Evidence& evidence) {
    const Facts& f = evidence.at(pae("3:1", memory_mib));
    Table t{"reads",
            "reads of one page into each part of memory, at 3:1 with 8 GiB",
            {{"device"},
             {"page_in", "page in"},
             {"pages"},
             {"bounces", "bounced"},
             {"kmaps"},
             {"cycles", "cycles a page"},
             {"extra", "more than into DMA"}}};
    bool where_needed = true, nowhere_else = true, in_reach = true;
    Answer dearer_bounced = Answer::yes;
    std::string prices;
    for (const Device& d : devices) {
        const SpanFacts& best = f.span(workload(d, places[0]));
        for (const Place& p : places) {
            const std::string w = workload(d, p);
            const SpanFacts& s = f.span(w);
            const uint64_t pages = f.measure("pages-" + w), bounces = f.measure("bounces-" + w);
            t.row({text(d.name), text(p.name), pages, bounces, f.measure("kmaps-" + w), cycles_each(s, f.costs),
                   &p == places ? Cell{} : Cell{extra_cycles(s, best, f.costs)}});
            if (reaches(d, p)) {
                nowhere_else = nowhere_else && bounces == 0;
                continue;
            }
            where_needed = where_needed && bounces == pages;
            if (const Answer a = dearer(compare(s, best, f.costs)); a != Answer::yes && dearer_bounced == Answer::yes)
                dearer_bounced = a;
            prices += (prices.empty() ? "" : ", ") + w + " " + text_of(extra_cycles(s, best, f.costs));
        }
        in_reach = in_reach && f.measure("bounces-" + workload(d, places[0])) == 0;
    }
    return {{t},
            {{Weight::core, answer(where_needed),
              "every page beyond a device's address lines is bounced: the floppy's above 16 MiB (24 lines), the disk's above 4 "
              "GiB (32 lines)"},
             {Weight::core, answer(nowhere_else && in_reach),
              "and no other: not by either device in its reach, nor where the processor moves the data"},
             {Weight::core, dearer_bounced, "a bounced page is dearer than one in reach, by cycles: " + prices}}};
}

}  // namespace

Claim bounce_claim() {
    return {"bounce",
            "A device with few address lines needs bounce buffers in low memory.",
            "Reads pages of an emulated disk and floppy, by DMA and by the processor, into each part of memory; counts the pages "
            "that went through a bounce page. Waiting for the device costs nothing here.",
            {{pae("3:1", memory_mib), workloads()}},
            {{"reach of ISA DMA", "MAX_DMA_PFN: 16 MB", "Linux, arch/x86/include/asm/dma.h"}},
            judge};
}

}  // namespace tools::claims
