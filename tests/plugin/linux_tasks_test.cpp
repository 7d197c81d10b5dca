// SPDX-License-Identifier: LGPL-2.1-or-later
// The current task of a Linux kernel, read from its memory.
#include "bochs-plugin/linux_tasks.h"

#include "cpu_state_fixture.hpp"
#include "synthetic_linux.hpp"

namespace plugin {
namespace {

// A kernel with a per-CPU area, init_task, and tasks at any address.
class Tasks : public testing::Test {
protected:
    static constexpr uint32_t init_task = 0xC1500000, current = 0xC1510000, offsets = 0xC1510100, area = 0x00200000;
    static constexpr uint32_t comm = 0x4C0, parent = 0x3A4;

    void SetUp() override {
        kernel.symbol("init_task", init_task);
        kernel.symbol("current_task", current);
        kernel.symbol("__per_cpu_offset", offsets);
        kernel.put(offsets, area);
        add_task(init_task, 0, 0, "swapper/0", 0x12345678);
        kernel.put(init_task + parent, init_task), kernel.put(init_task + parent + 4, init_task), kernel.put(init_task + parent + 24, init_task);
        kernel.put(init_task + 0x100, init_task), kernel.put(init_task + 0x104, init_task);  // a list of itself, that is no parent
        run(init_task);
    }
    // `canary`: behind the two numbers; 0: the configuration has none.
    void add_task(uint32_t at, uint32_t pid, uint32_t group, const std::string& name, uint32_t canary) {
        const uint32_t numbers = at + parent - (canary ? 12 : 8);
        kernel.put(numbers, pid), kernel.put(numbers + 4, group);
        if (canary) kernel.put(numbers + 8, canary);
        rename(at, name);
    }
    void rename(uint32_t at, const std::string& name) {
        for (uint32_t n = 0; n < 16; n += 4) kernel.put(at + comm + n, 0);
        kernel.put_text(at + comm, name);
    }
    void run(uint32_t task) { kernel.put(current + area, task); }

    std::optional<LinuxTaskLayout> layout() {
        LinuxGuest guest{kernel.write_map()};
        kernel.set_zones({{"DMA", 1, 4095, 3998, 3977}, {"Normal", 4096, 225250, 225250, 215000}});
        EXPECT_TRUE(guest.look(kernel.memory(), false));
        return find_linux_tasks(kernel.memory(), guest.symbols(), guest.regions().page_offset, missing);
    }

    SyntheticLinux<Classic> kernel;
    std::string missing;
};

TEST_F(Tasks, AreFollowedWithTheirNames) {
    for (const uint32_t canary : {0u, 0xCAFEBABEu}) {
        add_task(0xC2000000, 1, 1, "kernel_init", canary);
        add_task(0xC2002000, 57, 55, "a-thread", canary);  // whose group has another number
        run(init_task);
        const auto found = layout();
        ASSERT_TRUE(found) << missing;
        EXPECT_EQ(found->comm, comm);
        EXPECT_EQ(found->real_parent, parent);
        LinuxTasks tasks{kernel.machine, *found, 0};
        ASSERT_TRUE(tasks.changed());
        EXPECT_STREQ(tasks.name(), "swapper/0");
        EXPECT_EQ(tasks.pid(), 0u);
        EXPECT_FALSE(tasks.changed());
        run(0xC2000000);
        ASSERT_TRUE(tasks.changed());
        EXPECT_STREQ(tasks.name(), "kernel_init");
        EXPECT_EQ(tasks.pid(), 1u) << "canary " << canary;
        run(0xC2002000);
        ASSERT_TRUE(tasks.changed());
        EXPECT_EQ(tasks.pid(), 57u);
        rename(0xC2002000, "a-thread-with-15");
        EXPECT_FALSE(tasks.changed()) << "the first eight characters are looked at";
        rename(0xC2002000, "sh\x01");
        ASSERT_TRUE(tasks.changed()) << "exec";
        EXPECT_STREQ(tasks.name(), "sh?");
    }
}

TEST_F(Tasks, OfAnotherCpuAreInItsArea) {
    const auto found = layout();
    ASSERT_TRUE(found);
    kernel.put(offsets + 4, 0x00300000);
    add_task(0xC2004000, 0, 0, "swapper/1", 0x1);
    kernel.put(current + 0x00300000, 0xC2004000);
    LinuxTasks tasks{kernel.machine, *found, 1};
    ASSERT_TRUE(tasks.changed());
    EXPECT_STREQ(tasks.name(), "swapper/1");
    EXPECT_EQ(tasks.pid(), 0u);
}

TEST_F(Tasks, SayWhatIsMissing) {
    rename(init_task, "init");
    EXPECT_FALSE(layout());
    EXPECT_EQ(missing, "init_task's name");
    rename(init_task, "swapper");
    kernel.put(init_task + parent + 24, 0);
    EXPECT_FALSE(layout());
    EXPECT_EQ(missing, "init_task's parent");
    kernel.drop_symbol("current_task");
    EXPECT_FALSE(layout());
    EXPECT_EQ(missing, "the symbol current_task");
}

// Walks are the instruction's that made them, and the task's that runs.
TEST_F(CpuStateTest, SaysWhoWalks) {
    turn_paging_on();
    machine.running_at = 0x1000;
    access(0x2000);
    access(0x3000);
    access(0x3000, AccessKind::read, {0x1013, 0x1010, 0, false});
    const auto walks = finish<trace::ModelWalk>();
    const auto walkers = recorded<trace::Instruction>(path);
    ASSERT_EQ(walks.size(), 3u) << "the code's page, and two of data";
    ASSERT_GE(walkers.size(), 1u);
    EXPECT_EQ(walkers.back().ip, 0x1000u) << "nobody walked after it";
}

TEST_F(Tasks, AreRecordedWhenTheyChange) {
    kernel.machine.poke(PhysAddr{0x01000000}, 0);
    const auto found = layout();
    ASSERT_TRUE(found);
    add_task(0xC2000000, 1, 1, "kernel_init", 0);
    const TemporaryDirectory directory;
    TraceFile file;
    ASSERT_TRUE(file.open(directory / "cpu0"));
    FastPath fast;
    StaleWatch stale{StaleMode::off};
    CpuState cpu{kernel.machine, fast, file, 0, {find_geometry("p6")}, stale, false, [] {}};
    kernel.machine.done = 100;
    cpu.catch_up(begun);
    cpu.follow_tasks(*found);
    cpu.catch_up(begun);
    kernel.machine.done = 200;
    run(0xC2000000);
    cpu.catch_up(begun);
    cpu.catch_up(begun);
    cpu.finish();
    const auto tasks = recorded<trace::Task>(directory / "cpu0");
    ASSERT_EQ(tasks.size(), 2u);
    EXPECT_EQ(tasks[0].pid, 0u);
    EXPECT_EQ(tasks[0].instructions, 100u);
    EXPECT_EQ(tasks[1].pid, 1u);
    EXPECT_EQ(tasks[1].instructions, 200u);
}

// A recording may begin at a mark: everything in it counts from there.
TEST_F(Tasks, CountTheirInstructionsFromWhereTheRecordingBegins) {
    const auto found = layout();
    ASSERT_TRUE(found);
    add_task(0xC2000000, 1, 1, "kernel_init", 0);
    const TemporaryDirectory directory;
    TraceFile file;
    ASSERT_TRUE(file.open(directory / "cpu0"));
    FastPath fast;
    StaleWatch stale{StaleMode::off};
    CpuState cpu{kernel.machine, fast, file, 0, {find_geometry("p6")}, stale, false, [] {}};
    kernel.machine.done = 1000, kernel.machine.now = 1000;
    cpu.begin({}, 1000);
    cpu.follow_tasks(*found);
    kernel.machine.done = 1200, kernel.machine.now = 1200;
    run(0xC2000000);
    cpu.catch_up(begun);
    cpu.finish();
    const auto tasks = recorded<trace::Task>(directory / "cpu0");
    ASSERT_FALSE(tasks.empty());
    EXPECT_EQ(tasks.back().pid, 1u);
    EXPECT_EQ(tasks.back().instructions, 200u);
}

}  // namespace
}  // namespace plugin
