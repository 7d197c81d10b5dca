// SPDX-License-Identifier: LGPL-2.1-or-later
// The page tables that are known, and who ran in them.
#include "bochs-plugin/address_spaces.h"

#include "cpu_state_fixture.hpp"

namespace plugin {
namespace {

class Spaces : public CpuStateTest {
protected:
    void SetUp() override {
        CpuStateTest::SetUp();
        for (const uint64_t directory : {0x40000, 0x80000}) machine.map(Vpn{1}, Pfn{0x11}, {true, true, true, false}, PhysAddr{directory});
        machine.map(Vpn{2}, Pfn{0x77}, {true, true, true, false}, PhysAddr{0x80000});
        cpu.listen(spaces);
        turn_paging_on();
    }
    std::vector<uint32_t> roots() const {
        std::vector<uint32_t> all;
        for (const AddressSpace& s : spaces.known({cpu.state()})) all.push_back(s.registers.control.cr3);
        return all;
    }

    AddressSpaces spaces{machine};
};

TEST_F(Spaces, AreThoseThatWereLoaded) {
    EXPECT_EQ(roots(), std::vector<uint32_t>{0x1000});
    cpu.write_cr3(0x40000, nullptr, false, begun);
    cpu.write_cr3(0x80000, nullptr, false, begun);
    EXPECT_EQ(roots(), (std::vector<uint32_t>{0x80000, 0x1000, 0x40000})) << "the one in use first";
    EXPECT_TRUE(spaces.known({cpu.state()})[0].loaded);
    EXPECT_FALSE(spaces.known({cpu.state()})[1].loaded);
}

TEST_F(Spaces, ThatAreFreedAreNotListed) {
    cpu.write_cr3(0x40000, nullptr, false, begun);
    cpu.write_cr3(0x1000, nullptr, false, begun);
    machine.unmap(Vpn{1}, PhysAddr{0x40000});
    EXPECT_EQ(roots(), std::vector<uint32_t>{0x1000});
}

TEST_F(Spaces, HaveTheTasksWhoseCodeRanInThem) {
    const auto walk = [&](bool user) {
        trace::ModelWalk w;
        w.walk.page = Vpn{2}, w.walk.access.user = user;
        cpu.data_access(VirtAddr{0x1010}, PhysAddr{0x11010}, AccessKind::read, begun);
        spaces.walked(cpu, w);
    };
    spaces.changed_task(cpu, {7, 0, "sh"});
    walk(true);
    cpu.write_cr3(0x80000, nullptr, false, begun);
    walk(false);  // in the kernel, on the way to another task
    spaces.changed_task(cpu, {9, 0, "ls"});
    walk(true);
    const auto known = spaces.known({cpu.state()});
    ASSERT_EQ(known.size(), 2u);
    EXPECT_EQ(known[0].tasks, std::vector<std::string>{"ls (9)"});
    EXPECT_EQ(known[1].tasks, std::vector<std::string>{"sh (7)"});
    const FrameUses uses = who_maps(machine, known, Pfn{0x77});
    ASSERT_EQ(uses.mappings.size(), 1u);
    EXPECT_EQ(uses.mappings[0].space, 0u);
    EXPECT_EQ(uses.mappings[0].linear, 0x2000u);
}

TEST_F(Spaces, OfACpuWithoutPagingAreNone) {
    access(0x1010);
    const auto known = spaces.known({trace::State{}});
    ASSERT_EQ(known.size(), 1u) << "the tables that were loaded before";
    EXPECT_FALSE(known[0].loaded);
}

}  // namespace
}  // namespace plugin
