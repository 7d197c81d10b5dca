// SPDX-License-Identifier: LGPL-2.1-or-later
// Who did what: the tasks' and the functions' shares of everything that is counted. Shares of either kind add up to the whole.
//
//   task:      as the guest's memory tells (trace::Task), by pid and name; of other guests by address space, CR3
//   function:  by the instruction: of events that have it, that; of walks trace::Instruction's. By the guest's symbols
#pragma once

#include <map>
#include <unordered_map>
#include <vector>

#include "address_map.hpp"
#include "cost_model.hpp"
#include "mm/trace_codec.hpp"
#include "symbols.hpp"

namespace tools {

// What tells address spaces apart: the directory, the four pointers to directories, or the table of four or five levels (SDM vol. 3, 4.3 to 4.5).
// 0: paging is off.
[[nodiscard]] uint64_t address_space_of(const mm::trace::State& s);
[[nodiscard]] std::string address_space_name(uint64_t root);  // "cr3 00101000"; of 0: "paging off"

struct ShareStatistics {
    std::string name;
    uint64_t id{};                          // a task's pid or CR3; a function's address
    EventCounts events;                     // instructions: of tasks that events tell of, else 0
    uint64_t observed_fills{};
    std::vector<WalkCounts> walks;          // by profile
    bool program = false;                   // a function: a program's, or all code of programs that no symbol names
};

// Adds up what the tasks do, over all CPUs. Nobody's is `other`.
class TaskShares final {
public:
    // `events_tell`: RunInfo::tasks.
    TaskShares(bool events_tell, size_t profiles);

    void begin_stream();
    [[nodiscard]] ShareStatistics& now() { return *now_; }
    void task(const mm::trace::Task& e, uint64_t instructions);
    void address_space(const mm::trace::State& state);     // CR3 or paging may have changed
    void end_stream(uint64_t instructions);

    // The largest first by the walks of all profiles, `other` last. Nothing is left here.
    [[nodiscard]] std::vector<ShareStatistics> take();

private:
    ShareStatistics& of(uint64_t id, const std::string& name);

    const bool events_tell_;
    const size_t profiles_;
    std::map<std::pair<uint64_t, std::string>, ShareStatistics> shares_;
    std::unordered_map<uint64_t, ShareStatistics*> by_root_;  // of shares_
    ShareStatistics other_;
    ShareStatistics* now_ = &other_;
    uint64_t since_ = 0;                    // instructions when it began
    uint64_t root_ = 0;
};

class InstructionShares;

// The same for functions. Programs' code that no symbol names is [user], other such code has its region's name in brackets.
class FunctionShares final {
public:
    // Without symbols there are no functions: everything goes nowhere. `instead`: who takes the counts, one by one, in place of functions; or null.
    FunctionShares(const Symbols& symbols, const RunInfo& run, size_t profiles, InstructionShares* instead = nullptr);

    [[nodiscard]] ShareStatistics& of(uint32_t ip, bool user) {
        if (nobody_) return other_;
        const uint64_t key = uint64_t{user} << 32 | ip;
        const Known& known = known_[slot(ip)];
        return known.key == key ? *known.share : find(ip, user, key);
    }
    [[nodiscard]] ShareStatistics& other();
    [[nodiscard]] std::vector<ShareStatistics> take();
    // What stands for the code at an address that no symbol names: "[user]", "[lowmem]", "other".
    [[nodiscard]] std::string place_of(uint32_t ip, bool user) const;

private:
    // Some instructions that were asked for lately.
    static constexpr size_t known_instructions = 1024;
    struct Known {
        uint64_t key = UINT64_MAX;                             // an address, and the ring above it
        ShareStatistics* share = nullptr;
    };
    [[nodiscard]] static size_t slot(uint32_t ip) { return (ip ^ ip >> 10) % known_instructions; }
    [[nodiscard]] ShareStatistics& find(uint32_t ip, bool user, uint64_t key);
    [[nodiscard]] ShareStatistics& search(uint32_t ip, bool user);

    const Symbols& symbols_;
    InstructionShares* const instead_;
    const bool nobody_;                                        // is asked for: everything goes to other_
    const RunInfo& run_;
    const RegionMap regions_;
    const size_t profiles_;
    std::vector<ShareStatistics> functions_, regions_shares_;  // functions: by number, without walks until the first
    ShareStatistics user_, other_;
    std::vector<Known> known_;
};

}  // namespace tools
