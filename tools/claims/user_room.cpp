// SPDX-License-Identifier: LGPL-2.1-or-later
// Claim `user-room`: how much a program can map where text, libraries and stack are at their customary places.
#include "all.hpp"
#include "common.hpp"

namespace tools::claims {
namespace {

constexpr char workload[] = "user-room";
constexpr uint64_t claimed = 2560 * mebibyte, about = 256 * mebibyte;

std::vector<Need> needs() {
    std::vector<Need> all;
    for (const char* split : every_split) all.push_back({classic(split), {workload}});
    return all;
}

Findings judge(const Evidence& evidence) {
    Table t{"room",
            "MiB of linear addresses; nothing is touched",
            {{"split"},
             {"user_mib", "user part"},
             {"largest_mib", "largest mapping"},
             {"mapped_mib", "mapped in all"},
             {"heap_mib", "heap"},
             {"room_mib", "mappings and heap"},
             {"fits_1249_mib", "1,249 MiB fit"}}};
    uint64_t largest_3_1 = 0, user_3_1 = 0;
    bool fits_others = true, fits_1_3 = true;
    for (const char* split : every_split) {
        const Facts& f = evidence.at(classic(split));
        const RegionInfo& user = f.region("user");
        const uint64_t largest = f.measure("largest-mapping");
        const bool fits = f.measure("program-1249m") != 0;
        t.row({text(split), (user.end - user.start) / mebibyte, largest / mebibyte, f.measure("mapped-total") / mebibyte,
               f.measure("heap-room") / mebibyte, f.measure("room-total") / mebibyte, yes_no(fits)});
        if (split == std::string{"3:1"}) largest_3_1 = largest, user_3_1 = user.end - user.start;
        if (split == std::string{"1:3"})
            fits_1_3 = fits;
        else
            fits_others = fits_others && fits;
    }
    return {
        {t},
        {{Weight::core, answer(largest_3_1 < claimed),
          "of 3:1's " + in_mib(user_3_1) + " no mapping of 2,560 MiB can be had in one piece: the largest is " +
              in_mib(largest_3_1)},
         {Weight::core, answer(!fits_1_3 && fits_others), "a program of 1,249 MiB does not fit 1:3, and fits the other splits"},
         {Weight::limit, answer(largest_3_1 + about >= claimed),
          "the border is at about 2.5 GiB: where it is depends on where libraries begin, here a third of the user part"}}};
}

}  // namespace

Claim user_room_claim() {
    return {"user-room",
            "3 GiB of user space fails at about 2.5 GiB because of fragmentation; a 1.25 GiB program does not fit a 1:3 split.",
            "A program laid out as usual (text and heap from 0x08048000, libraries from a third of the user part, the stack at "
            "its end) seeks its largest mapping and heap, and maps until all is refused.",
            needs(),
            {{"user space at 4:4", "3.98 GB of user VM", source::molnar_2004}},
            judge};
}

}  // namespace tools::claims
