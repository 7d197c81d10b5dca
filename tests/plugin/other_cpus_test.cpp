// SPDX-License-Identifier: LGPL-2.1-or-later
// Uses of what another CPU changes: none is a mistake before that CPU has gone on, or if this one is told.
#include <gtest/gtest.h>

#include <functional>

#include "stale_fixture.hpp"

namespace plugin {
namespace {

using namespace mm;

// The first CPU writes entries, `other` uses the page.
class OtherCpusTest : public StaleTest {
protected:
    static constexpr uint8_t vector = 0xFB;

    void SetUp() override {
        StaleTest::SetUp();
        ASSERT_TRUE(other_file.open(directory / "cpu1"));
        other = std::make_unique<CpuState>(machine, other_fast, other_file, 1, std::vector<const MmuGeometry*>{find_geometry("p6")}, stale, false, [] {});
        other->next_instruction({0x1000, 0x1000, 0, false});
        other->write_cr4(cr4_pge | cr4_pse, nullptr, begun);
        other->write_cr3(0x1000, nullptr, false, begun);
        other->write_cr0(cr0_pe | cr0_pg | cr0_wp, nullptr, begun);
        machine.now += 100;
        use_by_other(0x12);
        machine.now += 100;
        write_entry(pte(page), moved);
        machine.now += 100;
    }
    void use_by_other(uint32_t frame = 0x77, uint32_t linear = at) {
        machine.done += 2, machine.now += 2;
        other->data_access(VirtAddr{linear}, PhysAddr{uint64_t{frame} << 12}, AccessKind::read, begun);
    }
    // What the page table says now, what makes the other CPU hold that and nothing else, and what makes it stale.
    uint32_t frame() const { return static_cast<uint32_t>(machine.load(pte(page), 4) >> 12); }
    void use_anew() {
        other->invalidate_page(VirtAddr{at}, begun);
        use_by_other(frame());
        machine.now += 10;
    }
    void change() { write_entry(pte(page), frame() == 0x12 ? moved : original); }
    void fault_in_other() { other->exception(6, 0, VirtAddr{0}, begun), other->delivery(6, begun); }
    void interrupt(bool by_another_cpu) {
        other->external_interrupt(vector, begun, by_another_cpu);
        other->delivery(vector, begun);
    }
    std::vector<trace::Stale> reports_of_other() {
        other->finish();
        return recorded<trace::Stale>(directory / "cpu1");
    }

    TraceFile other_file;
    FastPath other_fast;
    std::unique_ptr<CpuState> other;
};

TEST_F(OtherCpusTest, AChangeThatIsNotFinishedDoesNoHarm) {
    use_by_other(), use_by_other();
    EXPECT_EQ(uses(), 0u);
    EXPECT_EQ(stale.unfinished, 2u);
    cpu.invalidate_page(VirtAddr{far}, begun);
    use_by_other();
    EXPECT_EQ(uses(), 0u) << "that was another page";
    cpu.invalidate_page(VirtAddr{at}, begun);
    use_by_other();
    EXPECT_EQ(uses(), 1u);
}

TEST_F(OtherCpusTest, WhoReturnsToAProgramHasFinished) {
    cpu.interrupt_return(false);
    use_by_other();
    EXPECT_EQ(uses(), 0u);
    cpu.interrupt_return(true);
    use_by_other();
    EXPECT_EQ(uses(), 1u);
}

TEST_F(OtherCpusTest, WhoLoadsCr3HasFinished) {
    cpu.write_cr3(0x1000, nullptr, false, begun);
    use_by_other();
    EXPECT_EQ(uses(), 1u);
}

// With several CPUs a tick has many instructions.
TEST_F(OtherCpusTest, OfOneTickOnlyWhatFollowsTheChangeFinishesIt) {
    const std::function<void()> ways[] = {[this] { cpu.invalidate_page(VirtAddr{at}, begun); }, [this] { cpu.interrupt_return(true); }};
    for (const auto& finish : ways)
        for (const bool afterwards : {false, true}) {
            use_anew();
            if (!afterwards) finish();
            change();
            if (afterwards) finish();
            const size_t before = uses();
            use_by_other(frame());
            EXPECT_EQ(uses(), before + afterwards);
        }
}

TEST_F(OtherCpusTest, NobodyTakesForEver) {
    machine.now += 60'000'000;
    use_by_other();
    EXPECT_EQ(uses(), 1u);
}

TEST_F(OtherCpusTest, WhoIsToldMadeNoMistake) {
    cpu.invalidate_page(VirtAddr{at}, begun);
    use_by_other(), use_by_other();
    EXPECT_EQ(uses(), 2u);
    interrupt(true);
    use_by_other();
    fault_in_other(), other->interrupt_return(false);
    other->invalidate_page(VirtAddr{far}, begun);
    EXPECT_EQ(uses(), 3u) << "the page is not flushed";
    other->invalidate_page(VirtAddr{at}, begun);
    EXPECT_EQ(uses(), 0u);
    EXPECT_EQ(stale.sites.sites(), 0u);
    EXPECT_EQ(stale.sites.taken_back(), 3u);
    EXPECT_EQ(reports_of_other().size(), 1u) << "whose count became 0";
}

TEST_F(OtherCpusTest, AFlushOutsideOfTheInterruptIsNoAnswer) {
    cpu.invalidate_page(VirtAddr{at}, begun);
    use_by_other();
    interrupt(true);
    other->interrupt_return(false);
    other->invalidate_page(VirtAddr{at}, begun);
    EXPECT_EQ(uses(), 1u);
}

// Its handler may have switched to a task that returns from a fault, or a system call.
TEST_F(OtherCpusTest, NorIsOneAfterAReturnToAProgram) {
    const std::function<void()> ways[] = {[this] { other->interrupt_return(true); },
                                          [this] { other->fast_call(trace::FastCallKind::sysexit, 0x1000); },
                                          [this] { other->fast_call(trace::FastCallKind::sysret, 0x1000); }};
    for (const auto& leave : ways) {
        use_anew();
        change();
        cpu.invalidate_page(VirtAddr{at}, begun);
        use_by_other(frame());
        const size_t before = uses();
        interrupt(true);
        fault_in_other();
        leave();
        fault_in_other();
        other->invalidate_page(VirtAddr{at}, begun);
        EXPECT_EQ(uses(), before);
    }
    EXPECT_EQ(uses(), std::size(ways));
}

TEST_F(OtherCpusTest, ASystemCallIsNoReturn) {
    cpu.invalidate_page(VirtAddr{at}, begun);
    use_by_other();
    interrupt(true);
    other->fast_call(trace::FastCallKind::sysenter, 0x1000);
    other->invalidate_page(VirtAddr{at}, begun);
    EXPECT_EQ(uses(), 0u);
}

TEST_F(OtherCpusTest, WhatThereIsNoRoomForStaysCountedAndIsSaid) {
    constexpr uint32_t first = 0x800;
    for (uint32_t p = first; p <= first + UntoldUses::most; ++p) {
        machine.map(Vpn{p}, Pfn{0x12}, {true, true, true, false});
        use_by_other(0x12, p << 12);
        write_entry(pte(p), moved);
        cpu.invalidate_page(VirtAddr{p << 12}, begun);
        use_by_other(0x77, p << 12);
    }
    EXPECT_EQ(uses(), UntoldUses::most + 1);
    EXPECT_EQ(stale.unsettled, 1u);
    interrupt(true);
    other->write_cr3(0x1000, nullptr, false, begun);
    EXPECT_EQ(uses(), 1u);
}

// Each CPU may have an address space of its own. A table is followed for as long as one of them has it.
TEST_F(OtherCpusTest, AnEntryThatOnlyTheOtherCpusSpaceHasIsFollowed) {
    machine.map(Vpn{window}, Pfn{0x2}, {true, false, true, true}, PhysAddr{0x20000});
    cpu.write_cr3(0x20000, nullptr, false, begun);
    for (size_t changes = 1; changes <= 3; ++changes) {
        use_anew();
        change();
        cpu.invalidate_page(VirtAddr{at}, begun);
        use_by_other(frame());
        EXPECT_EQ(uses(), changes);
    }
}

TEST_F(OtherCpusTest, NorDoesACpuWithoutItMakeTheOthersForget) {
    const std::function<void()> ways[] = {[this] { other->write_cr3(0x20000, nullptr, false, begun); }, [this] { other->write_cr0(cr0_pe | cr0_wp, nullptr, begun); }};
    size_t expected = 0;
    for (const auto& leave : ways) {
        leave();
        for (unsigned n = 0; n < 3; ++n) {
            cpu.invalidate_page(VirtAddr{at}, begun);
            use(at);
            change();
            use(at);
            EXPECT_EQ(uses(), ++expected) << "this CPU's own";
        }
    }
}

// What a CPU's own walk has set dirty, the other one may hold clean still.
TEST_F(OtherCpusTest, ADirtyBitThatOneCpuSetMayBeLostToTheOther) {
    use_anew();
    machine.now += 10;
    cpu.begin_translation(VirtAddr{at}, {AccessKind::write, false});
    cpu.physical_access(pde(page), false), cpu.physical_access(pte(page), false), cpu.physical_access(pte(page), true);
    machine.poke(pte(page), machine.load(pte(page), 4) | accessed | dirty);
    cpu.end_translation(Pfn{frame()}, page_shift);
    machine.now += 10;
    use_by_other(frame());
    write_entry(pte(page), static_cast<uint32_t>(machine.load(pte(page), 4)) & ~dirty);
    cpu.invalidate_page(VirtAddr{at}, begun);
    machine.done += 2, machine.now += 2;
    other->data_access(VirtAddr{at}, address(Pfn{frame()}), AccessKind::write, begun);
    EXPECT_EQ(uses(), 1u);
}

TEST_F(OtherCpusTest, ADevicesInterruptTellsNothing) {
    cpu.invalidate_page(VirtAddr{at}, begun);
    use_by_other();
    interrupt(false);
    other->write_cr3(0x1000, nullptr, false, begun);
    EXPECT_EQ(uses(), 1u);
}

TEST_F(OtherCpusTest, ASiteThatWasTakenBackIsReportedAnew) {
    cpu.invalidate_page(VirtAddr{at}, begun);
    use_by_other();
    interrupt(true);
    other->write_cr3(0x1000, nullptr, false, begun);
    other->interrupt_return(true);
    use_by_other();
    write_entry(pte(page), original);
    cpu.invalidate_page(VirtAddr{at}, begun);
    use_by_other(0x12);
    EXPECT_EQ(uses(), 1u);
    const auto all = reports_of_other();
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].site, all[1].site);
}

}  // namespace
}  // namespace plugin
