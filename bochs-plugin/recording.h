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

    bool on(unsigned cpu) const { return session && cpu < session->cpus() && !session->ended(); }
    CpuState& state(unsigned cpu) { return session->cpu(cpu); }
    Position position(unsigned cpu) const { return machines[cpu]->position(); }
};

extern Recording recording;

// SIGINT and SIGTERM end the recording. To be called once the machine runs: Bochs takes SIGINT for itself before.
void take_signals();

}  // namespace plugin
