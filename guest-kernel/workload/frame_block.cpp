// SPDX-License-Identifier: LGPL-2.1-or-later
// Blocks of frames that a workload or a test holds for as long as it runs.
#include "guest-kernel/workload/frame_block.hpp"

#include "guest-kernel/kernel/console.hpp"

namespace guest {
namespace {

constexpr unsigned largest_order = max_order - 1;

}  // namespace

FrameBlock::FrameBlock(Memory memory) {
    const Request request = memory == Memory::highmem ? gfp_highuser : gfp_kernel;
    for (; blocks_ < 2; ++blocks_) {
        const Allocation block = zones().allocate(request, largest_order);
        if (!block) return;
        if (zones().zone_of(block.first).type() != request.best) {
            zones().free(block.first, largest_order);
            return;
        }
        first_[blocks_] = block.first;
    }
}

FrameBlock::~FrameBlock() {
    while (blocks_ > 0) zones().free(first_[--blocks_], largest_order);
}

mm::Pfn FrameBlock::operator[](uint32_t index) const {
    return first_[index / largest_block % 2] + mm::Pages{index % largest_block};
}

HighmemHolder::HighmemHolder() {
    Buddy& highmem = zones().zone(ZoneType::highmem).buddy();
    for (unsigned order = max_order; order-- > 0;)
        while (const Maybe<mm::Pfn> block = highmem.take(order)) held_.push(zones().frames(), *block);
}

HighmemHolder::~HighmemHolder() {
    while (!held_.empty()) {
        const mm::Pfn block = held_.pop(zones().frames());
        zones().free(block, zones().frames()[block].order);
    }
}

bool skip_without_highmem(Span span) {
    const Zone& high = zones().zone(ZoneType::highmem);
    print("workload ", name(span), " skipped: it needs HIGHMEM, and ", mm::name(layout.split), " has ",
          high.present().raw / 256, " MiB of it here; it begins at ", static_cast<uint32_t>(layout.lowmem_bytes >> 20),
          " MiB of memory\n");
    return true;
}

}  // namespace guest
