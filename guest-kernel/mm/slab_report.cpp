// SPDX-License-Identifier: LGPL-2.1-or-later
// Source: Linux 2.6 mm/slab.c (print_slabinfo_header, s_show).
#include "guest-kernel/mm/slab_report.hpp"

namespace guest {

void report_slabinfo(const Slabs& slabs, const TextSink& out) {
    out.text("slabinfo - version: 2.1\n"
             "# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>\n");
    for (unsigned i = 0; i < slabs.size(); ++i) {
        const SlabCache& cache = slabs[i];
        if (cache.slabs == 0) continue;
        out.padded(cache.name, -17);
        const uint32_t pages = block_pages(cache.order).raw;
        const uint32_t columns[] = {cache.in_use, cache.objects, cache.object_bytes, pages * mm::page_size / cache.object_bytes, pages};
        constexpr unsigned widths[] = {6, 6, 6, 4, 4};
        for (unsigned column = 0; column < sizeof columns / sizeof columns[0]; ++column) {
            out.text(" ");
            out.number(columns[column], widths[column]);
        }
        out.text("\n");
    }
}

}  // namespace guest
