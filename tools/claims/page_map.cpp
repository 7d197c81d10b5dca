// SPDX-License-Identifier: LGPL-2.1-or-later
// Claim `page-map`: how much of lowmem the array of struct page takes, from little memory to 64 GiB.
#include <cstdio>

#include "all.hpp"
#include "common.hpp"

namespace tools::claims {
namespace {

constexpr uint64_t claimed_bytes = 4;  // per page, as the claim has it
constexpr uint64_t large = 64 * mib_per_gib;

std::string struct_page(unsigned bytes) { return "struct_page=" + std::to_string(bytes); }

// 32 bytes is the default of the kernel.
Machine machine(const std::string& split, uint64_t memory_mib, unsigned bytes) {
    const std::string paging = memory_mib > 4 * mib_per_gib ? "pae" : "classic";
    return {split, paging, memory_mib, bytes == 32 ? "" : struct_page(bytes)};
}

struct Row {
    const char* split;
    uint64_t memory_mib;
    unsigned bytes;
};
constexpr Row rows[] = {
    {"3:1", 256, 32},   {"3:1", 1024, 32},  {"3:1", 4096, 32},  {"3:1", 8192, 32},  {"3:1", 16384, 32},
    {"3:1", 16384, 44}, {"3:1", 16384, 60}, {"3:1", 32768, 32}, {"3:1", 32768, 60}, {"3:1", large, 32},
    {"3:1", large, 44}, {"3:1", large, 60}, {"2:2", large, 60}, {"1:3", large, 60}, {"4:4", large, 60},
};

std::vector<Need> needs() {
    std::vector<Need> all;
    for (const Row& r : rows) all.push_back({machine(r.split, r.memory_mib, r.bytes), {}, true});
    return all;
}

// What the kernel said about the map when it booted, or why it did not.
struct PageMap {
    bool booted = false;
    uint64_t frames = 0, bytes_each = 0, lowmem_mib = 0;
    uint64_t bytes() const { return frames * bytes_each; }
    double share() const { return static_cast<double>(bytes()) / static_cast<double>(lowmem_mib * mebibyte); }
};

PageMap page_map_of(const Facts& f) {
    unsigned long long each = 0, kib = 0, frames = 0, mib = 0, lowmem = 0;
    for (const std::string& line : f.console) {
        if (std::sscanf(line.c_str(), "sizeof(struct page) = %llu, mem_map %lluk", &each, &kib) == 2) {
            const ZoneInfo& last = f.run.zones.empty() ? f.zone("HIGHMEM") : f.run.zones.back();
            return {f.good, last.end_pfn, each, (f.region("lowmem").end - f.region("lowmem").start) / mebibyte};
        }
        if (std::sscanf(line.c_str(),
                        "The page map does not fit into lowmem: %llu frames of %llu bytes each are %llu MB, and of %llu MB",
                        &frames, &each, &mib, &lowmem) == 4)
            return {false, frames, each, lowmem};
    }
    throw Failure{title(f.machine),
                  "the guest did not say how large its page map is" + (f.problem.empty() ? "" : ": " + f.problem)};
}

Findings judge(const Evidence& evidence) {
    Table t{"map",
            "mem_map against lowmem",
            {{"split"},
             {"memory_mib", "memory MiB"},
             {"struct_page", "struct page"},
             {"map_mib", "map MiB"},
             {"lowmem_mib", "lowmem MiB"},
             {"share_percent", "share %"},
             {"boots"}}};
    double share_4g = 0;
    uint64_t least = UINT64_MAX;
    bool largest_fails = false, roomy_boot = true;
    std::string fails;
    for (const Row& r : rows) {
        const PageMap m = page_map_of(evidence.at(machine(r.split, r.memory_mib, r.bytes)));
        t.row({text(r.split), r.memory_mib, m.bytes_each, static_cast<double>(m.bytes()) / mebibyte, m.lowmem_mib,
               100 * m.share(), yes_no(m.booted)});
        least = std::min(least, m.bytes_each);
        if (r.memory_mib == 4096) share_4g = m.share();
        if (!m.booted)
            fails += (fails.empty() ? "" : ", ") + std::string{r.split} + " with " + grouped(r.memory_mib / mib_per_gib) +
                     " GiB and " + std::to_string(r.bytes) + " bytes";
        if (r.memory_mib == large && r.bytes == 60)
            (r.split == std::string{"3:1"} ? largest_fails : roomy_boot) =
                r.split == std::string{"3:1"} ? !m.booted : roomy_boot && m.booted;
    }
    const double share_64g = page_map_of(evidence.at(machine("3:1", large, 32))).share();
    return {{t},
            {{Weight::core, answer(share_4g < 0.25),
              "for all 2^20 pages of 4 GiB the map takes " + rounded(100 * share_4g) +
                  " % of 3:1's lowmem: it is not what sets the limit"},
             {Weight::core, answer(share_64g > 0.5), "at 64 GiB it takes " + rounded(100 * share_64g) + " % of it"},
             {Weight::core, answer(largest_fails && roomy_boot),
              "with 60 bytes a page a 3:1 kernel does not boot at 64 GiB, the others do; what says so and ends: " +
                  (fails.empty() ? "none" : fails)},
             {Weight::limit, answer(least <= claimed_bytes),
              "a page needs 4 bytes: a struct page has at least " + std::to_string(least) + " bytes, so that 2^20 of them are " +
                  in_mib(least << 20) + ", not 4"}}};
}

}  // namespace

Claim page_map_claim() {
    return {"page-map",
            "The page map is not what sets the limit: 2^20 pages of 4 bytes are only 4 MiB; but at 64 GiB it eats lowmem.",
            "Boots kernels whose struct page has 32, 44 or 60 bytes with 256 MiB to 64 GiB, and notes the map's size, its share "
            "of lowmem, and who gives up.",
            needs(),
            {{"struct page of Linux 2.4", "44 bytes: about 11 MiB per GiB, 176 MiB at 16 GiB", source::gorman},
             {"struct page of RHEL 3 hugemem, 32 GB at 4:4", "60 bytes: 495,360 KiB of 502,316 KiB reserved",
              "boot log of Linux 2.4.21-3.ELhugemem"},
             {"64 GB at 3:1", "mem_map[] alone takes up nearly 1 GB, making the kernel unable to boot", source::molnar_2003},
             {"recommended limit", "not more than 8 GiB on a 32-bit machine", source::highmem_doc}},
            judge};
}

}  // namespace tools::claims
