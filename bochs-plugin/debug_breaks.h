// SPDX-License-Identifier: LGPL-2.1-or-later
// Breaks on what paging does. The debugger is told to stop as soon as the event is recorded, which is while the instruction runs that
// caused it; why it stopped is told at its prompt.
#pragma once

#include "cpu_listener.h"
#include "debug_text.h"
#include "session.h"

namespace plugin {

class DebugBreaks final : public CpuListener {
public:
    // All outlives this. `stop`: the debugger stops after the instruction that is running.
    DebugBreaks(const Session& session, const DebugNames& names, std::function<void()> stop) : session_{session}, names_{names}, stop_{std::move(stop)} {}

    struct Break {
        unsigned number = 0;
        DebugCommand what;
        uint64_t met = 0;
    };
    const std::vector<Break>& all() const { return breaks_; }
    // The new one's number.
    unsigned add(const DebugCommand& what);
    // False: there is no such break. 0: all.
    bool remove(unsigned number);

    static bool names_zone(const RunInfo&, const std::string&);

    // Lines that say what was met since the last call.
    std::vector<std::string> take_met();
    // Events that a command brings about are no reason to stop.
    void heed(bool value) { heeded_ = value; }

    void walked(const CpuState&, const mm::trace::ModelWalk&) override;
    void dropped(const CpuState&, const mm::trace::Flush&) override;
    void writes_control(const CpuState&, const mm::trace::ControlWrite&) override;
    void switches_task(const CpuState&, const mm::trace::TaskSwitch& e) override { flushed_by(e.ip); }
    void invalidates(const CpuState&, const mm::trace::InvalidatePage& e) override { flushed_by(e.ip); }
    void invalidates_pcid(const CpuState&, const mm::trace::InvalidatePcid& e) override { flushed_by(e.ip); }
    void changes_state(const CpuState&, mm::RefillCause) override;
    void faults(const CpuState&, const mm::trace::PageFault& e) override { flushed_by(e.ip, e.code.user); }
    void interrupted(const CpuState&, const mm::trace::Interrupt&) override;
    void used_stale(const CpuState&, const mm::trace::Stale&) override;

private:
    static constexpr size_t most_lines = 16;  // for one stop
    template <class Matches, class Say> void meet(Matches&&, Say&&);
    std::string profiles(uint16_t bits) const;
    bool names_profile(const std::string& name, uint16_t bits) const;
    void flushed_by(uint32_t ip, bool program = false) { flusher_ = ip, by_program_ = program, no_instruction_ = nullptr; }
    std::string by(uint32_t ip, bool user) const { return "by " + place(session_.info(), names_, ip, user); }
    std::string by_flusher() const { return no_instruction_ ? no_instruction_ : by(flusher_, by_program_); }
    std::string by_walker(const CpuState&, bool user) const;

    const Session& session_;
    const DebugNames& names_;
    const std::function<void()> stop_;
    std::vector<Break> breaks_;
    unsigned last_number_ = 0;
    std::vector<std::string> met_;
    uint32_t flusher_ = 0;                    // the instruction whose flush is told next
    bool by_program_ = false;                 // which only a page fault can be
    const char* no_instruction_ = nullptr;    // what flushes instead
    struct { unsigned vector = 0; uint32_t ip = 0; bool user = false; uint64_t instructions = ~uint64_t{0}; } interrupt_;  // the last external one
    bool heeded_ = true;
};

// As the user would write it.
std::string words_of_break(const DebugCommand&);

}  // namespace plugin
