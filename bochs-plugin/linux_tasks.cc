// SPDX-License-Identifier: LGPL-2.1-or-later
// Finds and follows the current task.
#include "linux_tasks.h"

#include <string.h>

namespace plugin {

using namespace mm;

namespace {

constexpr uint32_t longest_task = 16384;          // bytes of struct task_struct that are searched
constexpr unsigned words_to_group_leader = 6;     // real_parent, parent, two lists of two pointers
constexpr uint32_t most_pid = 4 * 1024 * 1024;    // include/linux/threads.h: PID_MAX_LIMIT

bool is_pid(uint32_t n) { return n > 0 && n <= most_pid; }

std::optional<uint32_t> find_comm(const GuestMemory& memory, VirtAddr task) {
    uint32_t first = 0;
    memcpy(&first, "swapper", sizeof first);
    for (uint32_t at = 0; at < longest_task; at += 4) {
        if (memory.word(task + at) != first) continue;
        const std::string name = memory.text(task + at, 16);
        if (name == "swapper" || name == "swapper/0") return at;
    }
    return std::nullopt;
}

std::optional<uint32_t> find_parent(const GuestMemory& memory, VirtAddr task) {
    for (uint32_t at = 12; at < longest_task; at += 4)
        if (memory.word(task + at) == task.raw && memory.word(task + (at + 4)) == task.raw && memory.word(task + (at + 4 * words_to_group_leader)) == task.raw) return at;
    return std::nullopt;
}

}  // namespace

std::optional<LinuxTaskLayout> find_linux_tasks(const GuestMemory& memory, const LinuxSymbols& symbols, uint32_t page_offset, std::string& missing) {
    const auto init_task = symbols.find("init_task"), current = symbols.find("current_task");
    if (!init_task || !current) return missing = init_task ? "the symbol current_task" : "the symbol init_task", std::nullopt;
    const auto comm = find_comm(memory, *init_task), parent = find_parent(memory, *init_task);
    if (!comm || !parent) return missing = comm ? "init_task's parent" : "init_task's name", std::nullopt;
    return LinuxTaskLayout{*init_task, *current, symbols.find("__per_cpu_offset"), page_offset, *comm, *parent};
}

uint32_t LinuxTasks::read_pid(VirtAddr task) {
    if (task == layout_.init_task) return 0;
    if (pid_at_ == 0) {
        const uint32_t before[] = {word(task + (layout_.real_parent - 12)), word(task + (layout_.real_parent - 8)), word(task + (layout_.real_parent - 4))};
        if (is_pid(before[1]) && before[1] == before[2]) pid_at_ = layout_.real_parent - 8;
        else if (is_pid(before[0]) && before[0] == before[1]) pid_at_ = layout_.real_parent - 12;  // a canary follows
        else return 0;
    }
    const uint32_t pid = word(task + pid_at_);
    return is_pid(pid) ? pid : 0;                 // 0: another CPU's idle task
}

bool LinuxTasks::changed() {
    const uint32_t offset = layout_.per_cpu_offset ? word(*layout_.per_cpu_offset + 4 * cpu_) : 0;
    const VirtAddr task{word(layout_.current_task + offset)};
    if (task.raw < layout_.page_offset) return false;
    const VirtAddr comm = task + layout_.comm;
    const uint32_t first[] = {word(comm), word(comm + 4)};
    if (task == task_ && first[0] == first_words_[0] && first[1] == first_words_[1]) return false;
    task_ = task, first_words_[0] = first[0], first_words_[1] = first[1];
    pid_ = read_pid(task);
    for (unsigned n = 0; n < name_words; ++n) {
        const uint32_t bytes = word(comm + 4 * n);
        memcpy(name_ + 4 * n, &bytes, 4);
    }
    for (char* c = name_; *c; ++c)
        if (static_cast<unsigned char>(*c) < 0x20) *c = '?';
    return true;
}

}  // namespace plugin
