// SPDX-License-Identifier: LGPL-2.1-or-later
// The page cache against a naive model: at random, but the same on every run, blocks are changed, written back, given up
// and read again, while pages are pinned and memory is short now and then.
#include "guest-kernel/kernel/io/disk.hpp"
#include "guest-kernel/kernel/io/reclaim.hpp"
#include "guest-kernel/kernel/tap.hpp"
#include "guest-kernel/test/held_pages.hpp"
#include "guest-kernel/workload/page_contents.hpp"

namespace guest {
namespace {

constexpr uint32_t first_block = 3100, blocks = 64, steps = 1500;

class Random final {
public:
    uint32_t below(uint32_t limit) {
        state_ = state_ * 1664525 + 1013904223;  // Numerical Recipes' constants
        return (state_ >> 8) % limit;
    }

private:
    uint32_t state_ = 20040101;
};

// What each block should hold: its number, or the pattern of a seed.
class Model final {
public:
    explicit Model(PageCache& cache) : cache_{cache} {}

    bool agrees(uint32_t block) {
        const PageCache::Result found = cache_.get(block);
        if (!found) return false;
        const uint32_t seed = seeds_[block];
        const bool good = seed == 0 ? page_numbered(found.page->frame, first_block + block) : page_filled(found.page->frame, seed);
        cache_.put(*found.page);
        return good;
    }

    // Seed 0: the number again.
    bool change(uint32_t block, uint32_t seed) {
        const PageCache::Result found = cache_.get(block);
        if (!found) return false;
        if (seed == 0) number_page(found.page->frame, first_block + block);
        else fill_page(found.page->frame, seed);
        cache_.mark_dirty(*found.page);
        cache_.put(*found.page);
        seeds_[block] = seed;
        return true;
    }

private:
    PageCache& cache_;
    uint32_t seeds_[blocks] = {};
};

bool one_step(PageCache& cache, Model& model, Random& random, uint32_t step) {
    switch (random.below(8)) {
    case 0: case 1: return model.change(random.below(blocks), step + 1);
    case 2: return random.below(8) != 0 || cache.sync() == IoStatus::done;
    case 3: return cache.reclaim(random.below(12)), true;
    case 4: cache.set_read_ahead(1 + random.below(max_request_pages)); return true;
    default: return model.agrees(random.below(blocks));
    }
}

void against_a_model(Check& check) {
    if (const char* missing = probe_data_disk().missing) return check.skip(missing);
    CachedFile file;
    file.device = disk_by_dma().blocks != 0 ? &disk_by_dma() : &disk_by_pio();
    file.pages = blocks;
    file.block_of = [](uint32_t index) { return first_block + index; };
    PageCache cache{file};
    const Reclaimable reclaimable{cache};
    Model model{cache};
    Random random;
    PageCache::Result pinned;
    for (uint32_t step = 0; step < steps && !check.failed(); ++step) {
        if (step % 100 == 0) {
            if (pinned) cache.put(*pinned.page);
            pinned = cache.get(random.below(blocks));
            check.that(static_cast<bool>(pinned), "a page is pinned for a while");
        }
        if (step % 500 == 250) {
            HeldPages rest;  // what the cache gives up, it must read again
            static_cast<void>(rest.drain(gfp_highuser));
            static_cast<void>(rest.drain(gfp_kernel));
        }
        check.that(one_step(cache, model, random, step), "the cache and its model agree");
        check.that(cache.size() <= blocks && cache.dirty() <= cache.size(), "no block is cached twice");
    }
    if (pinned) cache.put(*pinned.page);
    for (uint32_t block = 0; block < blocks; ++block) check.that(model.agrees(block), "each block holds what was written last");
    for (uint32_t block = 0; block < blocks; ++block) check.that(model.change(block, 0), "the block is numbered again");
    check.that(cache.drop() && cache.tree_nodes() == 0, "everything is written and given back");
    for (uint32_t block = 0; block < blocks; ++block) check.that(model.agrees(block), "the disk is as it was");
    check.that(cache.drop(), "everything is given back");
}

[[gnu::section(".guest_tests"), gnu::used]] const Test tests[] = {
    {"page cache: agrees with a model", against_a_model},
};

}  // namespace
}  // namespace guest
