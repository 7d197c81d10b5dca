// SPDX-License-Identifier: LGPL-2.1-or-later
// Blocks of frames that a workload or a test holds for as long as it runs.
#include "guest-kernel/workload/frame_block.hpp"

#include "guest-kernel/kernel/console.hpp"

namespace guest {

FrameBlock::FrameBlock(Memory memory, unsigned order) : order_{order} {
    const Request request = memory == Memory::highmem ? gfp_highuser : gfp_kernel;
    for (; blocks_ < 2; ++blocks_) {
        const Allocation block = zones().allocate(request, order_);
        if (!block) return;
        if (zones().zone_of(block.first).type() != request.best) {
            zones().free(block.first, order_);
            return;
        }
        first_[blocks_] = block.first;
    }
}

FrameBlock::~FrameBlock() {
    while (blocks_ > 0) zones().free(first_[--blocks_], order_);
}

mm::Pfn FrameBlock::operator[](uint32_t index) const {
    const uint32_t offset = index % block_pages(order_).raw;
    return first_[index >> order_ & 1] + mm::Pages{offset};
}

HighmemHolder::HighmemHolder() {
    for (unsigned node = 0; node < zones().nodes(); ++node) {
        mm::Pages& reserve = zones().zone(ZoneType::normal, node).reserve[index_of(ZoneType::highmem)];
        reserve_[node] = reserve;
        reserve = {};
        Buddy& highmem = zones().zone(ZoneType::highmem, node).buddy();
        for (unsigned order = max_order; order-- > 0;)
            while (const Maybe<mm::Pfn> block = highmem.take(order)) held_.push(zones().frames(), *block);
    }
}

HighmemHolder::~HighmemHolder() {
    for (unsigned node = 0; node < zones().nodes(); ++node)
        zones().zone(ZoneType::normal, node).reserve[index_of(ZoneType::highmem)] = reserve_[node];
    while (!held_.empty()) {
        const mm::Pfn block = held_.pop(zones().frames());
        zones().free(block, zones().frames()[block].order);
    }
}

bool skip(Span span, Memory memory) {
    print("workload ", name(span), " skipped: ");
    if (memory == Memory::lowmem) return print("too little lowmem; use more memory\n"), true;
    const uint32_t have = zones().present(ZoneType::highmem).raw / 256;
    print("it needs HIGHMEM, which begins at ", static_cast<uint32_t>(layout.lowmem_bytes >> 20), " MiB at ",
          mm::name(layout.split), "; this machine has ", have, " MiB of it\n");
    return true;
}

}  // namespace guest
