// SPDX-License-Identifier: LGPL-2.1-or-later
// Which task of an unmodified Linux runs on a CPU, read from the kernel's memory. Nothing tells when it changes: whoever records an event asks first.
//
//   current_task (+ __per_cpu_offset[cpu]) --> struct task_struct: ... pid, tgid, (stack_canary), real_parent, parent ... comm ...
//
// The offsets depend on the kernel's configuration. They are found in init_task, the boot CPU's idle task: comm by its text "swapper"; real_parent and parent
// by being init_task itself, as is group_leader six words on (include/linux/sched.h; init/init_task.c). pid and tgid stand before real_parent, perhaps
// with a canary between: the first other task to be seen leads its thread group, so that the two words that are equal are they.
#pragma once

#include "linux_symbols.h"

namespace plugin {

struct LinuxTaskLayout {
    mm::VirtAddr init_task{}, current_task{};
    std::optional<mm::VirtAddr> per_cpu_offset;   // none: a kernel for one processor
    uint32_t page_offset = 0;
    uint32_t comm = 0, real_parent = 0;           // offsets in struct task_struct
};

// Nothing if a symbol is missing or init_task is not understood: `missing` then says what.
std::optional<LinuxTaskLayout> find_linux_tasks(const GuestMemory&, const LinuxSymbols&, uint32_t page_offset, std::string& missing);

class LinuxTasks {
public:
    LinuxTasks(const Machine& machine, const LinuxTaskLayout& layout, unsigned cpu) : machine_{machine}, layout_{layout}, cpu_{cpu} {}

    // Whether the task, or its name, is another than at the last call.
    bool changed();
    uint32_t pid() const { return pid_; }         // 0: the idle task, or not known yet
    const char* name() const { return name_; }

private:
    static constexpr unsigned name_words = 4;     // include/linux/sched.h: TASK_COMM_LEN

    // Of kernel data, which lies in the direct map.
    uint32_t word(mm::VirtAddr at) const { return static_cast<uint32_t>(machine_.load(mm::PhysAddr{at.raw - layout_.page_offset}, 4)); }
    uint32_t read_pid(mm::VirtAddr task);

    const Machine& machine_;
    const LinuxTaskLayout layout_;
    const unsigned cpu_;
    mm::VirtAddr task_{};
    uint32_t first_words_[2] = {};                // of the name
    uint32_t pid_at_ = 0;                         // offset; 0: not known yet
    uint32_t pid_ = 0;
    char name_[4 * name_words + 1] = {};
};

}  // namespace plugin
