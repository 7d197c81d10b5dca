// SPDX-License-Identifier: LGPL-2.1-or-later
// Page tables that were loaded. Those of long mode are known only while a CPU has them.
#include "address_spaces.h"

#include <algorithm>

#include "cpu_state.h"
#include "inspect.h"

namespace plugin {

using namespace mm;

namespace {

uint64_t root_of(const trace::State& s) {
    switch (s.control.mode()) {
    case PagingMode::long_mode: return trace::long_root(s).raw;
    case PagingMode::pae: return s.control.cr3 & 0xFFFFFFE0;
    default: return s.control.cr3 & 0xFFFFF000;
    }
}

}  // namespace

// As if CR3 were loaded again.
trace::State AddressSpaces::reloaded(trace::State s, uint32_t cr3) const {
    s.control.cr3 = cr3;
    if (s.control.mode() == PagingMode::pae)
        for (unsigned n = 0; n < 4; ++n) s.pdpte[n] = machine_.load(PhysAddr{root_of(s) + n * sizeof(uint64_t)}, sizeof(uint64_t));
    return s;
}

void AddressSpaces::learn(const trace::State& before, uint32_t cr3, uint32_t ip) {
    if (!before.control.narrow_paging()) return;
    const trace::State s = reloaded(before, cr3);
    if (known_.size() == most_spaces && known_.count(root_of(s)) == 0) return;
    Known& space = known_[root_of(s)];
    const Translation there = inspect_walk(machine_, s, ip).translation;
    if (space.loader_frame != there.frame) space.tasks.clear();
    space.registers = s, space.loader = VirtAddr{ip}, space.loader_frame = there.frame;
}

void AddressSpaces::writes_control(const CpuState& cpu, const trace::ControlWrite& e) {
    if (e.which != trace::EventId::cr3_write) return;
    learn(cpu.state(), e.value, e.ip);
}
void AddressSpaces::switches_task(const CpuState& cpu, const trace::TaskSwitch& e) {
    learn(cpu.state(), e.cr3, e.ip);
}

void AddressSpaces::changed_task(const CpuState& cpu, const trace::Task& e) { running_[&cpu] = {e.pid, e.name}; }

// The first tables are loaded before paging is on. A kernel may borrow those of another task: only user code tells whose they are.
void AddressSpaces::walked(const CpuState& cpu, const trace::ModelWalk& e) {
    auto space = known_.find(root_of(cpu.state()));
    if (space == known_.end()) {
        learn(cpu.state(), cpu.state().control.cr3, cpu.acting().raw);
        space = known_.find(root_of(cpu.state()));
    }
    const auto running = running_.find(&cpu);
    if (!e.walk.access.user || running == running_.end() || space == known_.end()) return;
    std::map<uint32_t, std::string>& tasks = space->second.tasks;
    if (tasks.size() < most_tasks || tasks.count(running->second.pid)) tasks[running->second.pid] = running->second.name;
}

std::vector<std::string> AddressSpaces::tasks_of(uint64_t root) const {
    std::vector<std::string> names;
    if (const auto space = known_.find(root); space != known_.end())
        for (const auto& [pid, name] : space->second.tasks) names.push_back(name + " (" + std::to_string(pid) + ")");
    return names;
}

std::vector<AddressSpace> AddressSpaces::known(const std::vector<trace::State>& now) const {
    std::vector<AddressSpace> spaces;
    const auto listed = [&](uint64_t root) {
        return std::any_of(spaces.begin(), spaces.end(), [&](const AddressSpace& s) { return root_of(s.registers) == root; });
    };
    for (const trace::State& s : now)
        if (s.control.mode() != PagingMode::none && !listed(root_of(s))) spaces.push_back({s, true, tasks_of(root_of(s))});
    for (const auto& [root, space] : known_) {
        if (listed(root)) continue;
        const trace::State s = reloaded(space.registers, space.registers.control.cr3);
        const Translation there = inspect_walk(machine_, s, space.loader.raw).translation;
        if (there.mapped() && there.frame == space.loader_frame) spaces.push_back({s, false, tasks_of(root)});
    }
    return spaces;
}

}  // namespace plugin
