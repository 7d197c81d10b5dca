// SPDX-License-Identifier: LGPL-2.1-or-later
// One recording: its directory, its CPUs, what the guest published, and why it ended.
//
//   DIR/metadata   DIR/cpu0 ...   DIR/.zonescope/run.json
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cpu_state.h"
#include "linux_guest.h"
#include "live_server.h"
#include "mark_watch.h"
#include "options.h"
#include "packet_writer.h"
#include "port_protocol.h"
#include "run_info.h"

namespace plugin {

class Session {
public:
    // What the emulated machine is, for run.json.
    struct Setup {
        unsigned cpus = 1;
        uint64_t memory_mib = 0, ips = 0;
        std::string cpu_model;
        uint32_t most_translations = mm::most_translations;  // that each CPU's models remember
    };

    // What the recording asks of the machine. `stop` makes the simulation end soon: the recording ends before the guest does. `break_in` is
    // asked first when a missing flush shall stop it: whether a debugger takes over. `pause`: do what is due() before the next instruction.
    struct Control {
        std::function<void()> stop;
        std::function<bool()> break_in = [] { return false; };
        std::function<void()> pause = [] {};
    };
    Session(const Options&, const Setup&, Control);

    // Creates the directory, `metadata`, the streams and run.json. False: error() says why.
    [[nodiscard]] bool create();
    const std::string& error() const { return error_; }

    // Adds the next CPU, from 0. The machine outlives the session.
    [[nodiscard]] bool add_cpu(const Machine&, FastPath&);
    CpuState& cpu(unsigned n) { return *cpus_[n]->state; }
    const CpuState& cpu(unsigned n) const { return *cpus_[n]->state; }
    uint64_t recorded_instructions() const {  // of all CPUs
        uint64_t sum = 0;
        for (const auto& each : cpus_) sum += each->state->instructions();
        return sum;
    }
    unsigned cpus() const { return static_cast<unsigned>(cpus_.size()); }

    void port_write(unsigned cpu, uint16_t port, unsigned length, uint32_t value, const Position&);
    bool in_trampoline(mm::VirtAddr) const;
    // Whether a Linux guest may yet set up what is to be known of it. If so, it is time to look when the CPU changes what is mapped, or goes to
    // user code; also before the recording starts.
    bool looks_for_linux() const { return linux_ && !linux_->done() && !ended(); }
    void look_at_linux(const Machine&, const mm::trace::State&, bool user_code);
    // Whether the instruction that is running is a port write that asks ACPI for soft power-off.
    bool powered_off() const;
    void device_write(unsigned bytes) { ++info_.device_writes, info_.device_bytes += bytes; }

    // The first reason counts. Nothing is recorded afterwards.
    void end(EndReason, const std::string& detail);
    // Bochs itself goes no further.
    void give_up(const std::string& why) {
        if (!ended()) info_.reason = EndReason::panic, info_.detail = why;
    }
    bool ended() const { return info_.reason != EndReason::running; }

    // Marks. Until the first is met nothing is recorded, but the guest's publications are heard.
    bool recording() const { return started_ && !suspended_ && !ended(); }
    enum class Due : uint8_t { nothing, start, save };
    Due due() const { return due_; }
    // `states`: of each CPU.
    void start(const std::vector<mm::trace::State>& states, const Position&);
    const RunMark& wanted() const { return marks_.wanted(); }
    // Each says whether it met the mark that was wanted.
    bool executes(mm::VirtAddr a) { return marks_.address(a.raw) && meet_mark(); }
    bool completed(uint64_t instructions) { return marks_.instructions(instructions) && meet_mark(); }
    // A machine that was saved. What it has published is a text, with the name of the emulator that it needs; resume() returns why the
    // recording cannot go on from there, or an empty string.
    std::string published(const std::string& emulator) const;
    [[nodiscard]] std::string resume(const std::string& published, const std::string& emulator);
    // It has been saved: the recording ends.
    void saved() { end(EndReason::mark, info_.until.mark); }
    // How many instructions CPU 0 must have completed until completed() or the limit of instructions must be looked at; 0: never.
    uint64_t next_count() const;

    // Writes the last packets and the last run.json. Returns whether the recording is complete; otherwise a one-line message, or
    // nothing more, has been said on stderr. `reason` is taken if end() was not called.
    bool finish(EndReason reason, const std::string& detail);

    // What the guest has published so far, and how the recording stands.
    const RunInfo& info() const { return info_; }
    struct SpanNow { uint32_t id; const char* name; };  // "" : it has no name
    std::vector<SpanNow> open_spans(unsigned cpu) const;  // the outermost first

    // Viewers, if there is a socket for them: the recording looks after each of its counters events, others before it starts. Nothing that
    // is recorded depends on it.
    bool serves_viewers() const { return live_ != nullptr; }
    bool counts_for_viewers() const { return live_counts_ != nullptr; }
    void look_for_viewers() {
        if (live_ && live_->wanted()) serve_viewers();
    }

    const StaleSites& stale_sites() const { return stale_.sites; }
    const Machine& machine(unsigned cpu) const { return *cpus_[cpu]->machine; }
    void listen(CpuListener& who) {
        for (const auto& each : cpus_) each->state->listen(who);
    }
    void ignore(CpuListener& who) {
        for (const auto& each : cpus_) each->state->ignore(who);
    }
    // Leaves a part of the run out, from between two instructions to between two others. `at`, `states`: of each CPU; no states: as they were.
    void suspend(const std::vector<Position>& at);
    void go_on(const std::vector<mm::trace::State>& states);
    bool suspended() const { return suspended_; }

    // Goes to run.json, once, with how often it was said.
    void warn(const std::string& text);

private:
    struct OpenSpan { uint32_t id; bool recorded, is_mark; };
    struct Cpu {
        TraceFile file;
        PacketWriter writer{file};
        const Machine* machine;
        std::unique_ptr<CpuState> state;
        PortProtocol protocol;       // each CPU says its own sentences
        std::vector<OpenSpan> open_spans;
    };

    void forget_published();
    void publish_zones(std::vector<RunInfo::Zone>);
    void publish_linux(const GuestMemory&);
    void follow_tasks(const GuestMemory&);
    void obey(Cpu&, const GuestCommand&, const Position&);
    bool meet_mark();
    void span_edge(Cpu&, const GuestCommand&, const Position&);
    void save();
    void summarize();
    unsigned long_levels() const;
    void note_long_mode();
    void write_failed(const std::string& error);
    RunInfo::Cpu counts_of(unsigned cpu) const;
    void open_live();
    void serve_viewers();
    void count_for_viewers(bool attached);
    LiveSnapshot live_snapshot(const LiveOrder&);
    void put_cpus(LiveSnapshot&) const;
    void put_totals(LiveSnapshot&) const;
    void put_places(LiveSnapshot&) const;
    void put_flushes(LiveSnapshot&) const;
    void put_slots(LiveSnapshot&) const;
    void put_inspection(LiveSnapshot&, uint64_t linear) const;
    void finish_live();

    const Options options_;
    const Setup setup_;
    const Control control_;
    MarkWatch marks_;
    bool started_;
    bool suspended_ = false;
    unsigned suspensions_ = 0;
    uint16_t left_out_span_ = 0;
    Due due_ = Due::nothing;
    StaleWatch stale_;
    std::vector<std::unique_ptr<Cpu>> cpus_;
    std::unique_ptr<LinuxGuest> linux_;          // with a System.map only
    struct { unsigned cpu; uint32_t value; uint64_t instructions; } last_write_{};
    std::string shutdown_text_;  // how much of "Shutdown" the guest has written
    struct Warning { std::string text; uint64_t times; };
    std::vector<Warning> warnings_;
    RunInfo info_;
    std::string error_;
    std::unique_ptr<LiveCounts> live_counts_;    // while a viewer is attached
    std::unique_ptr<LiveDates> live_dates_;      // as well
    std::unique_ptr<LiveServer> live_;           // with `live` only
};

}  // namespace plugin
