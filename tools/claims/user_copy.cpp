// SPDX-License-Identifier: LGPL-2.1-or-later
// Claim `user-copy`: a copy to or from the running process needs no kmap, because its own tables reach its pages.
#include "all.hpp"
#include "common.hpp"

namespace tools::claims {
namespace {

constexpr uint64_t memory_mib = 8 * mib_per_gib;  // HIGHMEM at every split
const std::vector<std::string> copies{"copy-from-user-high", "copy-to-user-high"};

Findings judge(const Evidence& evidence) {
    Table t{"copy",
            "4 KiB between the kernel and a process whose pages are in HIGHMEM",
            {{"split"},
             {"workload"},
             {"invlpg", "INVLPG"},
             {"cr3_writes", "CR3 writes"},
             {"walks"},
             {"walks_highmem", "of HIGHMEM pages"},
             {"cycles"}}};
    bool none_shared = true, kmap_own = true;
    for (const char* split : {"3:1", "4:4"}) {
        const Facts& f = evidence.at(pae(split, memory_mib));
        for (const std::string& w : copies) {
            const SpanFacts& s = f.span(w);
            const auto high = s.walks_by_zone.find("HIGHMEM");
            t.row({text(split), text(w), each(s, s.events.invlpg), each(s, s.events.cr3_writes), each(s, s.walks.walks),
                   each(s, high == s.walks_by_zone.end() ? 0 : high->second), cycles_each(s, f.costs)});
            if (split == std::string{"3:1"})
                none_shared = none_shared && s.events.invlpg == 0 && s.events.cr3_writes == 0;
            else
                kmap_own = kmap_own && s.events.invlpg >= s.count;
        }
    }
    return {{t},
            {{Weight::core, answer(none_shared), "at 3:1 a copy of a HIGHMEM page maps and flushes nothing"},
             {Weight::limit, answer(!kmap_own),
              "so it is on every split: at 4:4 the process's tables are not in force in the kernel, and each page needs an "
              "atomic kmap with its INVLPG"}}};
}

}  // namespace

Claim user_copy_claim() {
    return {"user-copy",
            "Copying to and from user reaches HIGHMEM through the current process's own tables, without kmap.",
            "Copies pages between the kernel and a process whose pages are all in HIGHMEM, at 3:1 and 4:4 with 8 GiB (PAE); "
            "counts INVLPGs, one for each atomic kmap.",
            {{pae("3:1", memory_mib), copies}, {pae("4:4", memory_mib), copies}},
            {{"threaded user copies at 4:4", "up to 30 % slower", source::molnar_2004},
             {"do_page_fault at 4:4", "+170.3 % of its profile ticks", source::bligh_2003}},
            judge};
}

}  // namespace tools::claims
