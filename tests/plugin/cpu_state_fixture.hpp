// SPDX-License-Identifier: LGPL-2.1-or-later
// One CPU fed by hand, for the tests of what it counts and of what it records.
#pragma once

#include "bochs-plugin/cpu_state.h"
#include "bochs-plugin/trace_file.h"

#include <gtest/gtest.h>

#include "fake_machine.hpp"
#include "mm/mmu_geometries.hpp"
#include "recorded.hpp"

namespace plugin {

using namespace mm;
using trace::EventId;

inline constexpr Position begun{0x1003, 0x1000, 0, false};  // an instruction of 3 bytes is running
inline constexpr Position user_begun{0x1003, 0x1000, 0, true};

class CpuStateTest : public testing::Test {
protected:
    explicit CpuStateTest(StaleMode mode = StaleMode::used) : stale{mode} {}
    void SetUp() override {
        ASSERT_TRUE(file.open(path));
        machine.map(Vpn{1}, Pfn{0x11}, {true, true, true, false});
        machine.map(Vpn{2}, Pfn{0x12}, {true, true, true, false});
        machine.map(Vpn{3}, Pfn{0x13}, {true, false, true, false});
    }
    void turn_paging_on() {
        cpu.next_instruction({0x1000, 0x1000, 0, false});
        cpu.write_cr3(0x1000, nullptr, false, begun);
        cpu.write_cr0(cr0_pe | cr0_pg | cr0_wp, nullptr, begun);
    }
    // As Bochs' inlined check does it: the fast path first.
    void access(uint32_t linear, AccessKind kind = AccessKind::read, Position at = begun, Pfn frame = Machine::unknown_frame) {
        const uint32_t page = linear >> 12;
        PageRecord& record = fast.pages[page];
        const unsigned k = kind == AccessKind::write;
        if (fast.counting == Counting::on && record.served[k] == served_by_all) count_served(fast, record, page, k);
        else cpu.data_access(VirtAddr{linear}, frame == Machine::unknown_frame ? PhysAddr{(0x10 + page) << 12} : address(frame), kind, at);
    }
    LookupCounts data() { return cpu.models().counts(0, AccessKind::read); }
    template <class Event> std::vector<Event> finish() {
        cpu.finish();
        return recorded<Event>(path);
    }

    TemporaryDirectory directory;
    const std::string path = directory / "cpu0";
    TraceFile file;
    FakeMachine machine;
    FastPath fast;
    StaleWatch stale;
    CpuState cpu{machine, fast, file, 0, {find_geometry("p6")}, stale, false, [] {}};
};

}  // namespace plugin
