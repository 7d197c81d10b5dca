// SPDX-License-Identifier: LGPL-2.1-or-later
// Claim `zones`: where the zones end, on every split, with little and with much memory, beside Linux' own boot logs.
#include <algorithm>

#include "all.hpp"
#include "common.hpp"

namespace tools::claims {
namespace {

constexpr uint64_t classic_sizes[] = {64, 512, 1024, 1280, 4096}, pae_sizes[] = {1024, 8192};  // MiB
constexpr uint64_t dma_end = 16 * mebibyte >> mm::page_shift,
                   normal_end = 896 * mebibyte >> mm::page_shift;  // as the claim has it

// What Linux printed for the zones of a machine like ours. The BIOS' share at the top of memory is the same here.
struct LinuxLog {
    const char* source;
    const char *split, *paging;
    uint64_t memory_mib;  // of ours
    uint64_t normal_pages, highmem_pages;
    bool same_memory;  // else only NORMAL can be compared
};
constexpr LinuxLog linux_logs[] = {
    {"Linux 2.6.7, 512 MB", "3:1", "classic", 512, 126960, 0, true},
    {"Linux 2.6.15-23-k7, 1 GB", "3:1", "classic", 1024, 225280, 32752, true},
    {"Linux 2.6.2, 1.25 GB", "3:1", "classic", 1280, 225280, 98288, true},
    {"Linux 2.4.21-3.ELhugemem, 32 GB", "4:4", "pae", 8192, 1003520, 7446527, false},
};

std::vector<Need> needs() {
    std::vector<Need> all;
    for (const char* split : every_split) {
        for (const uint64_t size : classic_sizes) all.push_back({classic(split, size)});
        for (const uint64_t size : pae_sizes) all.push_back({pae(split, size)});
    }
    return all;
}

// Two banks of memory, the second of which has the rest of lowmem and HIGHMEM.
Machine two_banks() { return classic("3:1", mib_per_gib, "nodes=0-512M,512M-"); }

std::vector<Need> all_needs() {
    std::vector<Need> all = needs();
    all.push_back({two_banks()});
    return all;
}

uint64_t pages(const ZoneInfo& z) { return z.end_pfn - z.start_pfn; }

bool as_claimed(const Facts& f) {
    const ZoneInfo &dma = f.zone("DMA"), &normal = f.zone("NORMAL"), &high = f.zone("HIGHMEM");
    const uint64_t ram_end = high.end_pfn;
    return dma.start_pfn == 0 && dma.end_pfn == dma_end && normal.start_pfn == dma_end &&
           normal.end_pfn == std::min(normal_end, ram_end) && high.start_pfn == normal.end_pfn;
}

Table node_table(const Facts& f) {
    Table t{
        "nodes",
        "one node for each of two banks, 0-512 MiB and the rest of 1 GiB, at 3:1",
        {{"node"}, {"zone"}, {"start_pfn", "from page"}, {"end_pfn", "to page"}, {"present_pages", "present"}}};
    for (const ZoneInfo& z : f.run.zones) t.row({uint64_t{z.node}, text(z.name), z.start_pfn, z.end_pfn, z.present_pages});
    return t;
}

// No zone of one bank has pages of the other's, and both have some.
bool zones_keep_to_banks(const Facts& f) {
    constexpr uint64_t second_bank = 512 * mebibyte >> mm::page_shift;
    bool good[] = {false, false};
    for (const ZoneInfo& z : f.run.zones) {
        if (z.node > 1 || (z.present_pages && (z.node == 0 ? z.end_pfn > second_bank : z.start_pfn < second_bank))) return false;
        good[z.node] = good[z.node] || z.present_pages;
    }
    return good[0] && good[1];
}

Findings judge(const Evidence& evidence) {
    Table zones{"zones",
                "zones in pages of 4 KiB, holes included",
                {{"split"},
                 {"paging"},
                 {"memory_mib", "memory MiB"},
                 {"dma_pages", "DMA"},
                 {"normal_pages", "NORMAL"},
                 {"highmem_pages", "HIGHMEM"},
                 {"normal_end_mib", "NORMAL ends at MiB"},
                 {"as_claimed", "as claimed"}}};
    uint64_t machines = 0, dma_right = 0, three_one = 0, three_one_right = 0, others = 0, others_right = 0;
    for (const Need& need : needs()) {
        const Facts& f = evidence.at(need.machine);
        const bool right = as_claimed(f);
        const ZoneInfo &dma = f.zone("DMA"), &normal = f.zone("NORMAL");
        zones.row({text(need.machine.split), text(need.machine.paging), need.machine.memory_mib, pages(dma), pages(normal),
                   pages(f.zone("HIGHMEM")), normal.end_pfn >> 8, yes_no(right)});
        ++machines;
        dma_right += dma.start_pfn == 0 && dma.end_pfn == dma_end;
        if (need.machine.split == "3:1")
            ++three_one, three_one_right += right;
        else
            ++others, others_right += right;
    }
    Table logs{"linux",
               "the same machines in Linux' boot logs, pages of Normal and HighMem: Linux, then here",
               {{"log"},
                {"split"},
                {"linux_normal", "Normal"},
                {"linux_highmem", "HighMem"},
                {"normal", "NORMAL"},
                {"highmem", "HIGHMEM"}}};
    size_t equal = 0;
    for (const LinuxLog& log : linux_logs) {
        const Facts& f = evidence.at({log.split, log.paging, log.memory_mib});
        const uint64_t normal = pages(f.zone("NORMAL")), high = pages(f.zone("HIGHMEM"));
        equal += normal == log.normal_pages && (!log.same_memory || high == log.highmem_pages);
        logs.row({text(log.source), text(log.split), log.normal_pages, log.highmem_pages, normal,
                  log.same_memory ? Cell{high} : Cell{}});
    }
    const auto of = [](uint64_t n, uint64_t all) { return std::to_string(n) + " of " + std::to_string(all); };
    const Facts& banks = evidence.at(two_banks());
    return {
        {zones, logs, node_table(banks)},
        {{Weight::core, answer(dma_right == machines), "ZONE_DMA is the first 16 MiB: " + of(dma_right, machines) + " machines"},
         {Weight::core, answer(three_one_right == three_one),
          "at 3:1 ZONE_NORMAL ends at 896 MiB, or with the memory, and HIGHMEM is the rest: " + of(three_one_right, three_one) +
              " machines"},
         {Weight::core, answer(equal == std::size(linux_logs)),
          "the zones are as large as in Linux' boot logs: " + of(equal, std::size(linux_logs))},
         {Weight::core, answer(zones_keep_to_banks(banks)),
          "with two banks each node has zones of its own, which hold nothing of the other bank"},
         {Weight::limit, answer(others_right == others),
          "the same borders hold at 2:2, 1:3 and 4:4: " + of(others_right, others) +
              " machines (those whose memory ends below 896 MiB)"}}};
}

}  // namespace

Claim zones_claim() {
    return {"zones",
            "DMA is 0-16 MiB, NORMAL 16-896 MiB, HIGHMEM the rest; zones belong to nodes, one per memory bank.",
            "Boots every split with 64 MiB to 4 GiB, and 8 GiB with PAE, and reads the zones that the kernel publishes; then two "
            "banks of memory as two nodes.",
            all_needs(),
            {{"pages of DMA, Normal, HighMem, 1 GB of RAM at 3:1", "4096, 225280, 32752", "boot log of Linux 2.6.15-23-k7"},
             {"the same, 32 GB at 4:4", "4096, 1003520, 7446527", "boot log of Linux 2.4.21-3.ELhugemem"},
             {"end of NORMAL since about Linux 2.6.30", "887 MB: VMALLOC_END moved down",
              "Linux, arch/x86/mm/init_32.c, and boot logs"}},
            judge};
}

}  // namespace tools::claims
