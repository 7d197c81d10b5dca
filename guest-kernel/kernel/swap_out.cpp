// SPDX-License-Identifier: LGPL-2.1-or-later
// Searches, writes, and then changes the entries, one cluster of pages after the other.
#include "guest-kernel/kernel/swap_out.hpp"

#include "guest-kernel/kernel/process.hpp"

namespace guest {
namespace {

bool worse(SwapStatus s) { return s != SwapStatus::done && s != SwapStatus::incompressible; }

// Returns what stopped it, or `done`.
SwapStatus move_out(AddressSpace& space, const UnusedPage* found, unsigned count, SwapKind kind, uint32_t& moved) {
    SwapPage pages[max_swap_cluster];
    for (unsigned i = 0; i < count; ++i) pages[i] = {found[i].frame, SwapStatus::full, {}};
    swap_write(kind, pages, count);
    SwapStatus status = SwapStatus::done;
    for (unsigned i = 0; i < count; ++i) {
        if (pages[i].status == SwapStatus::done) {
            space.swap_out(found[i], pages[i].entry);
            ++moved;
        } else if (!worse(status)) {
            status = pages[i].status;
        }
    }
    return status;
}

}  // namespace

SwapOut swap_out(AddressSpace& space, uint32_t wanted, SwapKind kind) {
    SwapOut out{0, SwapStatus::done};
    if (current().space && &*current().space == &space) return {0, SwapStatus::running};
    const SwapStatus on = swap_on(kind);
    if (on != SwapStatus::done) return {0, on};
    UnusedPage found[max_swap_cluster];
    // The first search around may only clear accessed bits. Pages that cannot be compressed are found in both.
    const uint32_t most = 2 * space.resident();
    uint32_t tried = 0, fruitless = 0;
    while (out.pages < wanted && tried < most && fruitless < 2) {
        uint32_t room = wanted - out.pages < max_swap_cluster ? wanted - out.pages : max_swap_cluster;
        if (most - tried < room) room = most - tried;
        const unsigned count = space.find_unused(found, room);
        tried += count;
        if (count == 0) {
            ++fruitless;
            continue;
        }
        const SwapStatus status = move_out(space, found, count, kind, out.pages);
        if (status != SwapStatus::done) out.why = status;
        if (worse(status)) break;
    }
    if (out.pages == wanted) out.why = SwapStatus::done;
    return out;
}

}  // namespace guest
