// SPDX-License-Identifier: LGPL-2.1-or-later
// Asks the zonelist for frames until one lies where it is wanted.
#include "guest-kernel/workload/placed_frames.hpp"

#include "guest-kernel/kernel/io/bounce.hpp"

namespace guest {
namespace {

bool lies(Place p, mm::Pfn frame) {
    if (frame >= pci_reach) return p == Place::above_4g;
    const ZoneType zone = zones().zone_of(frame).type();
    return p == (zone == ZoneType::dma ? Place::dma : zone == ZoneType::normal ? Place::normal : Place::highmem);
}

Request request_for(Place p) { return p == Place::dma ? gfp_dma : p == Place::normal ? gfp_kernel : gfp_highuser; }

}  // namespace

// Above 4 GiB it takes the largest blocks, so that few are passed over on the way there, and keeps one whole.
PlacedFrames::PlacedFrames(Place place, unsigned order) : order_{place == Place::above_4g ? max_order - 1 : order} {
    PageList passed;
    do {
        const Allocation block = zones().allocate(request_for(place), order_);
        if (!block) break;
        found_ = lies(place, block.first);
        if (found_) first_ = block.first;
        else passed.push(zones().frames(), block.first);
    } while (!found_ && place == Place::above_4g);
    while (!passed.empty()) zones().free(passed.pop(zones().frames()), order_);
}

PlacedFrames::~PlacedFrames() {
    if (found_) zones().free(first_, order_);
}

}  // namespace guest
