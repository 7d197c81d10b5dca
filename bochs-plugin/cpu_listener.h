// SPDX-License-Identifier: LGPL-2.1-or-later
// Who looks on while a CPU is recorded, such as the debugger's breaks or a live view: told of events as they are recorded. A recording
// without listeners pays one branch for each event. Nothing here may change what the recording does.
#pragma once

#include "entry_change.h"
#include "mm/refill_cause.hpp"
#include "mm/trace_events.hpp"

namespace plugin {

class CpuState;

class CpuListener {
public:
    virtual ~CpuListener() = default;

    // Events of CpuState's stream with their own meaning. CpuState::acting() is the instruction that makes a walk.
    virtual void walked(const CpuState&, const mm::trace::ModelWalk&) {}
    virtual void translated(const CpuState&, const mm::trace::ObservedWalk&) {}
    virtual void translated_long(const CpuState&, const mm::trace::LongWalkRecord&) {}
    virtual void flushes(const CpuState&, mm::RefillCause) {}                 // whether or not there is something to drop
    virtual void dropped(const CpuState&, const mm::trace::Flush&) {}         // once for each model; after what flushed
    virtual void writes_control(const CpuState&, const mm::trace::ControlWrite&) {}  // before it takes effect
    virtual void switches_task(const CpuState&, const mm::trace::TaskSwitch&) {}     // as well
    virtual void invalidates(const CpuState&, const mm::trace::InvalidatePage&) {}
    virtual void invalidates_pcid(const CpuState&, const mm::trace::InvalidatePcid&) {}
    virtual void changes_state(const CpuState&, mm::RefillCause) {}           // all of it: resets, system management mode
    virtual void interrupted(const CpuState&, const mm::trace::Interrupt&) {} // before it is delivered
    virtual void faults(const CpuState&, const mm::trace::PageFault&) {}
    virtual void used_stale(const CpuState&, const mm::trace::Stale&) {}      // at a new site
    virtual void changed_task(const CpuState&, const mm::trace::Task&) {}     // of a Linux
    virtual void changed(const CpuState&, const EntryChange&) {}              // an entry of a table in use: whoever wrote it
    virtual void begins(const CpuState&) {}                                   // to record, also after a part that was left out

    void hear(const CpuState& cpu, const mm::trace::ModelWalk& e) { walked(cpu, e); }
    void hear(const CpuState& cpu, const mm::trace::ObservedWalk& e) { translated(cpu, e); }
    void hear(const CpuState& cpu, const mm::trace::LongWalkRecord& e) { translated_long(cpu, e); }
    void hear(const CpuState& cpu, const mm::trace::Flush& e) { dropped(cpu, e); }
    void hear(const CpuState& cpu, const mm::trace::ControlWrite& e) { writes_control(cpu, e); }
    void hear(const CpuState& cpu, const mm::trace::TaskSwitch& e) { switches_task(cpu, e); }
    void hear(const CpuState& cpu, const mm::trace::InvalidatePage& e) { invalidates(cpu, e); }
    void hear(const CpuState& cpu, const mm::trace::InvalidatePcid& e) { invalidates_pcid(cpu, e); }
    void hear(const CpuState& cpu, const mm::trace::Interrupt& e) { interrupted(cpu, e); }
    void hear(const CpuState& cpu, const mm::trace::PageFault& e) { faults(cpu, e); }
    void hear(const CpuState& cpu, const mm::trace::Stale& e) { used_stale(cpu, e); }
    void hear(const CpuState& cpu, const mm::trace::Task& e) { changed_task(cpu, e); }
    template <class Event> void hear(const CpuState&, const Event&) {}        // nobody has asked for the others
};

}  // namespace plugin
