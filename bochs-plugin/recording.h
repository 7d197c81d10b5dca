// SPDX-License-Identifier: LGPL-2.1-or-later
// The one recording of this process: what instrument.cc and wraps.cc share.
#pragma once

#include <memory>
#include <vector>

#include "bochs_machine.h"
#include "session.h"

namespace plugin {

struct Recording {
    Options options;
    std::vector<std::unique_ptr<BochsMachine>> machines;  // by CPU
    std::unique_ptr<Session> session;                     // null: nothing is recorded

    bool on(unsigned cpu) const { return session && cpu < session->cpus() && session->recording(); }
    bool alive() const { return session && !session->ended(); }  // recording, or waiting for its start
    CpuState& state(unsigned cpu) { return session->cpu(cpu); }
    Position position(unsigned cpu) const { return machines[cpu]->position(); }
};

extern Recording recording;

// The first instruction is about to be executed.
void power_on();
// The windows' display has gone: the recording ends here. From any thread.
void lost_display();
// What was put off until no instruction is running: the recording's start.
void between_instructions();

}  // namespace plugin
