// SPDX-License-Identifier: LGPL-2.1-or-later
// Which page tables there are: those that CPUs have loaded while this listened, and who ran in them as far as events of tasks tell. One
// whose memory serves for something else by now is left out: it no longer maps the instruction that loaded it.
#pragma once

#include <map>

#include "cpu_listener.h"
#include "frame_search.h"

namespace plugin {

class AddressSpaces final : public CpuListener {
public:
    explicit AddressSpaces(const Machine& machine) : machine_{machine} {}

    // `now`: the registers of each CPU; their spaces come first.
    std::vector<AddressSpace> known(const std::vector<mm::trace::State>& now) const;

    void writes_control(const CpuState&, const mm::trace::ControlWrite&) override;
    void switches_task(const CpuState&, const mm::trace::TaskSwitch&) override;
    void changed_task(const CpuState&, const mm::trace::Task&) override;
    void walked(const CpuState&, const mm::trace::ModelWalk&) override;

private:
    static constexpr size_t most_spaces = 4096, most_tasks = 16;
    struct Known {
        mm::trace::State registers{};
        mm::VirtAddr loader{};                   // the instruction, and what it led to
        mm::Pfn loader_frame{};
        std::map<uint32_t, std::string> tasks;   // by number
    };
    void learn(const mm::trace::State&, uint32_t cr3, uint32_t ip);
    mm::trace::State reloaded(mm::trace::State, uint32_t cr3) const;
    std::vector<std::string> tasks_of(uint64_t root) const;

    const Machine& machine_;
    std::map<uint64_t, Known> known_;            // by root
    struct Running { uint32_t pid = 0; std::string name; };
    std::map<const CpuState*, Running> running_;
};

}  // namespace plugin
