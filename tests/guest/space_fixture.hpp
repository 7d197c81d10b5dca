// SPDX-License-Identifier: LGPL-2.1-or-later
// Address spaces on the host, with an access as the processor and the page-fault handler make it: through a TLB that forgets
// nothing by itself.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "tests/guest/fake_process_machine.hpp"
#include "tests/guest/machine.hpp"
#include "tests/guest/random.hpp"

namespace guest_test {

using mm::AccessKind;
using mm::VirtAddr;

inline constexpr uint32_t page = mm::page_size;

template <class F>
class SpaceTest : public testing::Test {
protected:
    using Machine = FakeMachine<F>;
    using TestSpace = Space<Machine>;

    SpaceTest() { zones.add(ranges({range(256, end)})); }

    // A read or write as the processor and the page-fault handler make it. `word`: what to write, or what was read.
    FaultStatus access(TestSpace& space, uint32_t at, AccessKind kind, uint32_t& word) {
        const std::pair<uint32_t, uint32_t> key{space.cr3(), at & ~(page - 1)};
        for (int tries = 0; tries < 2; ++tries) {
            auto line = kernel.tlb.find(key);
            mm::Pfn frame;
            if (line == kernel.tlb.end() || (kind == AccessKind::write && !line->second.write)) {
                if (space.frame_of(VirtAddr{at}, frame, kind))
                    line = kernel.tlb.insert_or_assign(key, FakeKernel::Line{frame.raw, kind == AccessKind::write}).first;
                else line = kernel.tlb.end();
            }
            if (line != kernel.tlb.end()) {
                uint32_t& stored = kernel.frames.at(line->second.frame).word;
                (kind == AccessKind::write ? stored : word) = kind == AccessKind::write ? word : stored;
                return FaultStatus::resolved;
            }
            const bool present = space.frame_of(VirtAddr{at}, frame);
            const FaultStatus status = space.resolve(VirtAddr{at}, kind, present);
            if (status != FaultStatus::resolved) return status;
        }
        ADD_FAILURE() << "the fault comes again";
        return FaultStatus::no_region;
    }

    void expect_no_stale_lines() {
        for (const auto& line : kernel.tlb) EXPECT_TRUE(kernel.frames.count(line.second.frame)) << "a freed frame is in the TLB";
    }

    static constexpr uint32_t end = 2048;
    struct Free { void operator()(char* p) const { std::free(p); } };
    std::unique_ptr<char, Free> arena{static_cast<char*>(std::aligned_alloc(4096, size_t{end} * 4096))};
    PageMap map{end};
    Zonelist zones{classic(mm::Split::u3k1), pc_ram(end), map.table()};
    Kmalloc kmalloc{zones, arena.get()};
    FakeKernel kernel;
    Machine machine{&kernel};
};

using Formats = testing::Types<mm::Classic, mm::Pae>;

}  // namespace guest_test
