// SPDX-License-Identifier: LGPL-2.1-or-later
// The recording's side of Bochs' debugger: obeys commands, and says at the prompt why it stopped. Knows nothing of Bochs.
#pragma once

#include "debug_breaks.h"
#include "debug_view.h"

namespace plugin {

class DebugConsole final : private CpuListener {
public:
    struct Host {
        std::function<void(const std::string&)> print;              // a line
        std::function<void()> stop;                                 // the debugger stops after the running instruction
        DebugNames names;
        std::function<mm::trace::State(unsigned)> registers;        // of a CPU
        std::function<Position(unsigned)> position;
        std::function<void()> forget;                               // what the emulator itself has cached
    };
    // The session outlives this. Its CPUs have been added.
    DebugConsole(Session&, Host);
    DebugConsole(const DebugConsole&) = delete;
    DebugConsole& operator=(const DebugConsole&) = delete;
    ~DebugConsole();

    void obey(const std::string& line);
    // The debugger is about to show its prompt.
    void at_prompt();
    // The recording asks for a stop, and why.
    void stop(const std::string& why);

private:
    static constexpr size_t most_sites = 256;
    void used_stale(const CpuState&, const mm::trace::Stale&) override;

    void print(const Lines&) const;
    void say(const std::string& text) const { host_.print("zonescope: " + text); }
    std::optional<unsigned> profile(const std::string& name) const;
    bool known_profile(const DebugCommand&) const;
    void do_command(const DebugCommand&);
    void add_break(const DebugCommand&);
    void walk(uint64_t linear) const;
    void list_breaks() const;
    void trace(std::optional<bool> on);
    std::vector<mm::trace::State> registers() const;

    Session& session_;
    const Host host_;
    DebugBreaks breaks_;
    PlaceCounts counts_;
    AddressSpaces spaces_;
    DebugView view_;
    std::vector<mm::trace::Stale> sites_;
    Lines reasons_;
};

}  // namespace plugin
