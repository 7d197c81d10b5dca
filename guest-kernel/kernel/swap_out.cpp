// SPDX-License-Identifier: LGPL-2.1-or-later
// Searches, writes, and then changes the entries, one cluster of pages after the other.
#include "guest-kernel/kernel/swap_out.hpp"

#include "guest-kernel/kernel/memory.hpp"
#include "guest-kernel/kernel/process.hpp"
#include "guest-kernel/kernel/process_table.hpp"

namespace guest {
namespace {

int32_t last_victim = 0;  // process id
bool at_work = false;     // reclaim for what it allocates must not call it (Linux: PF_MEMALLOC), nor others while it sleeps
uint32_t pages_since_count = 0;

bool worse(SwapStatus s) { return s != SwapStatus::done && s != SwapStatus::incompressible; }

// Tries those pages again that the compressor, or a full area, refused.
void write_refused(SwapKind kind, SwapPage* pages, unsigned count) {
    SwapPage refused[max_swap_cluster];
    unsigned index[max_swap_cluster], refusals = 0;
    for (unsigned i = 0; i < count; ++i) {
        if (pages[i].status == SwapStatus::done) continue;
        index[refusals] = i;
        refused[refusals++] = pages[i];
    }
    swap_write(kind, refused, refusals);
    for (unsigned i = 0; i < refusals; ++i) pages[index[i]] = refused[i];
}

// Returns what stopped it, or `done`.
SwapStatus move_out(AddressSpace& space, const UnusedPage* found, unsigned count, SwapWay way, SwapWait wait,
                    uint32_t& moved) {
    SwapPage pages[max_swap_cluster];
    for (unsigned i = 0; i < count; ++i) pages[i] = {found[i].frame, SwapStatus::full, {}};
    swap_write(way.first, pages, count, wait);
    if (way.otherwise != way.first) write_refused(way.otherwise, pages, count);
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

// Null if no kind is in use.
const SwapWay* way_in_use() {
    static constexpr SwapWay both{SwapKind::compressed, SwapKind::disk}, one[] = {SwapKind::disk, SwapKind::compressed};
    const bool disk = swap_in_use(SwapKind::disk), compressed = swap_in_use(SwapKind::compressed);
    if (disk && compressed) return &both;
    return disk ? &one[0] : compressed ? &one[1] : nullptr;
}

}  // namespace

SwapOut swap_out(AddressSpace& space, uint32_t wanted, SwapWay way, SwapWait wait) {
    SwapOut out{0, SwapStatus::done};
    if (current().space && &*current().space == &space) return {0, SwapStatus::running};
    if (!swap_in_use(way.first) || !swap_in_use(way.otherwise)) return {0, SwapStatus::no_device};
    if (at_work) return {0, SwapStatus::running};
    at_work = true;
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
        const SwapStatus status = move_out(space, found, count, way, wait, out.pages);
        if (status != SwapStatus::done) out.why = status;
        if (worse(status)) break;
    }
    at_work = false;
    if (out.pages == wanted) out.why = SwapStatus::done;
    return out;
}

uint32_t swap_out_any(uint32_t wanted) {
    const SwapWay* const way = way_in_use();
    if (!way || at_work) return 0;
    uint32_t out = 0;
    const int32_t begin = last_victim;
    for (unsigned turn = 0; turn < 2; ++turn) {
        processes.for_each([&](Process& p) {
            if (!p.space || (p.id > begin) != (turn == 0) || out >= wanted) return;
            last_victim = p.id;
            out += swap_out(*p.space, wanted - out, *way).pages;
        });
    }
    return out;
}

// User pages are in HIGHMEM, if there is any: what lowmem lacks they do not have.
uint32_t reclaim_by_swap(Request request, uint32_t wanted) {
    const bool user_pages_help = request.best == ZoneType::highmem || zones().zone(ZoneType::highmem).present().raw == 0;
    return user_pages_help && request.best != ZoneType::dma ? swap_out_any(wanted) : 0;
}

void set_resident_limit(uint32_t pages) { resident_limit = pages; }

// Counting takes longer than a page fault: it is done for every cluster of pages.
void keep_resident_limit() {
    if (++pages_since_count % max_swap_cluster != 0) return;
    uint32_t resident = 0;
    processes.for_each([&resident](const Process& p) { resident += p.space ? p.space->resident() : 0; });
    if (resident + max_swap_cluster > resident_limit) swap_out_any(resident + max_swap_cluster - resident_limit);
}

}  // namespace guest
