// SPDX-License-Identifier: LGPL-2.1-or-later
// A machine of arrays: RAM for page tables, and counters that the test sets.
#pragma once

#include <map>

#include "bochs-plugin/machine.h"
#include "mm/entry.hpp"

namespace plugin {

class FakeMachine final : public Machine {
public:
    uint64_t now = 0, done = 0;
    uint32_t running_at = 0;
    mutable uint64_t loads = 0;                    // of memory

    uint64_t ticks() const override { return now; }
    uint64_t instructions() const override { return done; }
    mm::VirtAddr running() const override { return mm::VirtAddr{running_at}; }
    uint64_t load(mm::PhysAddr at, unsigned) const override {
        ++loads;
        const auto found = ram_.find(at.raw);
        return found == ram_.end() ? 0 : found->second;
    }
    mm::Pfn fetch_frame(mm::Vpn) const override { return unknown_frame; }
    MemoryKind kind(mm::PhysAddr at) const override {
        const auto found = kinds.find(mm::frame_of(at).raw);
        return found == kinds.end() ? MemoryKind::ram : found->second;
    }
    std::map<uint32_t, MemoryKind> kinds;  // of frames that are no RAM

    // Maps a page in classic format: the directory is at `directory`, tables follow it.
    void map(mm::Vpn page, mm::Pfn frame, mm::Permissions p, mm::PhysAddr directory = mm::PhysAddr{0x1000}) {
        using mm::Classic;
        const mm::VirtAddr at = mm::address(page);
        const uint64_t table = directory.raw + 0x1000 * (1 + mm::directory_index<Classic>(at) % 8);
        ram_[directory.raw + 4 * mm::directory_index<Classic>(at)] = mm::Entry<Classic>::table(mm::frame_of(mm::PhysAddr{table}), true).raw;
        ram_[table + 4 * mm::table_index<Classic>(at)] = mm::Entry<Classic>::leaf(frame, p).raw;
    }
    void poke(mm::PhysAddr at, uint64_t entry) { ram_[at.raw] = entry; }
    void unmap(mm::Vpn page, mm::PhysAddr directory = mm::PhysAddr{0x1000}) {
        const mm::VirtAddr at = mm::address(page);
        ram_[directory.raw + 0x1000 * (1 + mm::directory_index<mm::Classic>(at) % 8) + 4 * mm::table_index<mm::Classic>(at)] = 0;
    }

private:
    std::map<uint64_t, uint64_t> ram_;
};

}  // namespace plugin
