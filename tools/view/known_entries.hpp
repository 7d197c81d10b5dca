// SPDX-License-Identifier: LGPL-2.1-or-later
// The entries of page tables that a recording has shown so far, by where they lie in physical memory: page tables themselves are not in
// a trace, but every walk tells the entries that it read, and recordings with references tell writes to them.
//
//   address --/256--> Block: 64 words of 4 bytes; an entry of 8 bytes is known by its first word
//
// Copies share blocks until one of them learns something: a checkpoint of all that is known costs little.
#pragma once

#include <stdint.h>

#include <memory>
#include <unordered_map>

#include "mm/entry.hpp"

namespace tools::view {

struct KnownEntry {
    uint64_t value = 0;
    uint64_t seen = 0;     // tick
    uint64_t changed = 0;  // tick at which it was first seen to differ, but for A and D, from what was known; 0: never
};

class KnownEntries final {
public:
    static constexpr size_t most_blocks = 1u << 15;  // 50 MB; then everything is forgotten

    void learn(mm::PhysAddr at, uint64_t value, uint64_t tick) {
        Block& block = writable_block(at.raw / block_bytes);
        const unsigned word = at.raw % block_bytes / 4;
        KnownEntry& entry = block.entries[word];
        const uint64_t bit = uint64_t{1} << word;
        constexpr uint64_t by_processor = mm::entry_bit::accessed | mm::entry_bit::dirty;
        if ((block.known & bit) && ((entry.value ^ value) & ~by_processor)) entry.changed = tick;
        entry.value = value, entry.seen = tick;
        block.known |= bit;
        block.present = value & mm::entry_bit::present ? block.present | bit : block.present & ~bit;
    }

    // Null: not known yet.
    [[nodiscard]] const KnownEntry* find(mm::PhysAddr at) const {
        const auto found = blocks_.find(at.raw / block_bytes);
        const unsigned word = at.raw % block_bytes / 4;
        return found != blocks_.end() && (found->second->known >> word & 1) ? &found->second->entries[word] : nullptr;
    }
    // How many entries in the page are known to be present.
    [[nodiscard]] unsigned present_in(mm::Pfn table) const {
        unsigned count = 0;
        for (uint64_t n = 0; n < mm::page_size / block_bytes; ++n)
            if (const auto found = blocks_.find(mm::address(table).raw / block_bytes + n); found != blocks_.end())
                count += static_cast<unsigned>(__builtin_popcountll(found->second->present));
        return count;
    }
    [[nodiscard]] bool has_forgotten() const { return has_forgotten_; }
    // Of the blocks that no other copy has, and of the index.
    [[nodiscard]] size_t own_bytes() const {
        size_t bytes = blocks_.size() * 64;
        for (const auto& [number, block] : blocks_)
            if (block.use_count() == 1) bytes += sizeof(Block);
        return bytes;
    }

private:
    static constexpr unsigned block_bytes = 256;
    struct Block {
        uint64_t known = 0, present = 0;  // by word
        KnownEntry entries[block_bytes / 4];
    };

    Block& writable_block(uint64_t number) {
        if (blocks_.size() >= most_blocks && !blocks_.count(number)) blocks_.clear(), has_forgotten_ = true;
        std::shared_ptr<Block>& block = blocks_[number];
        if (!block) block = std::make_shared<Block>();
        else if (block.use_count() > 1) block = std::make_shared<Block>(*block);
        return *block;
    }

    std::unordered_map<uint64_t, std::shared_ptr<Block>> blocks_;
    bool has_forgotten_ = false;
};

}  // namespace tools::view
