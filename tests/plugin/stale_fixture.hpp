// SPDX-License-Identifier: LGPL-2.1-or-later
// A CPU with paging on whose page tables are written as a guest would, for the tests of what may still be held after that.
#pragma once

#include "cpu_state_fixture.hpp"

namespace plugin {

class StaleTest : public CpuStateTest {
protected:
    explicit StaleTest(StaleMode mode = StaleMode::used) : CpuStateTest{mode} {}

    static constexpr uint32_t page = 2, at = page << 12;   // mapped to frame 0x12, writable, open to programs
    static constexpr uint32_t far = 0x402000;                // mapped to frame 0x42, by a table of its own in frame 3
    static constexpr uint32_t accessed = 0x20, dirty = 0x40, present_user_write = 7;
    static constexpr uint32_t original = 0x12000 | present_user_write, moved = 0x77000 | present_user_write;
    static constexpr uint32_t window = 0x80000;   // linear page through which tables are written
    static constexpr uint32_t writer = 0x1200, user = 0x1300;

    void SetUp() override {
        CpuStateTest::SetUp();
        machine.map(Vpn{window}, Pfn{0x2}, {true, false, true, true});
        machine.map(Vpn{0x402}, Pfn{0x42}, {true, true, true, false});
        cpu.write_cr4(cr4_pge | cr4_pse, nullptr, begun);
        turn_paging_on();
    }
    static PhysAddr pte(uint32_t page) { return PhysAddr{0x1000 + 0x1000 * (1 + (page >> 10) % 8) + 4 * (page & 1023)}; }
    static PhysAddr pde(uint32_t page) { return PhysAddr{0x1000 + 4 * (page >> 10)}; }

    // The hook comes before memory has the value.
    void write_entry(PhysAddr at, uint32_t value, uint32_t ip = writer) {
        machine.done += 2;
        cpu.data_access(VirtAddr{(window << 12) + static_cast<uint32_t>(at.raw & 0xFFF)}, at, AccessKind::write, {ip + 6, ip, 0, false});
        machine.poke(at, value);
    }
    void use(uint32_t linear, AccessKind kind = AccessKind::read, bool cpl3 = false, uint32_t ip = user) {
        machine.done += 2, machine.now += 2;
        access(linear, kind, {ip + 2, ip, 0, cpl3}, Pfn{static_cast<uint32_t>(machine.load(pte(linear >> 12), 4) >> 12)});
    }
    void fault(uint32_t linear, AccessKind kind, bool cpl3 = false, uint32_t ip = user) {
        machine.done += 2;
        cpu.begin_translation(VirtAddr{linear}, {kind, cpl3});
        cpu.physical_access(pde(linear >> 12), false), cpu.physical_access(pte(linear >> 12), false);
        cpu.exception(14, 0, VirtAddr{linear}, {ip + 2, ip, 0, cpl3});
    }
    std::vector<trace::Stale> reports() { return finish<trace::Stale>(); }
    size_t uses() const { return stale.sites.uses(); }
};

}  // namespace plugin
