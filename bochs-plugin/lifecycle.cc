// SPDX-License-Identifier: LGPL-2.1-or-later
// Starting and stopping: the bochsrc option, the recording's begin at power-on, its end by the guest, a limit or a signal.
#include "bochs.h"
#include "bxversion.h"
#include "cpu/cpu.h"
#include "gui/siminterface.h"
#include "param_names.h"
#include "pc_system.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>

#include "code_trap.h"
#include "debugger.h"
#include "hpet_counter.h"
#include "lost_display.h"
#include "recording.h"
#include "wrap_symbols.h"

extern bool bx_user_quit;
int real_at_exit() asm("__real_" ZONESCOPE_AT_EXIT);
int wrap_at_exit() asm("__wrap_" ZONESCOPE_AT_EXIT);

using plugin::EndReason;
using plugin::recording;

namespace {

constexpr unsigned seconds_to_conclude = 5;  // for the emulation, when another thread has found that Bochs must end
constexpr char emulator[] = "Bochs " VERSION;  // of which only the same can restore a machine

volatile sig_atomic_t caught_signal = 0;
pthread_t emulation;                        // its thread
// Why something outside of the emulation ends the process, if it does.
struct Downfall { EndReason reason; const char* words; };
constexpr Downfall display_lost{EndReason::interrupted, plugin::lost_display_words};
constexpr Downfall exited{EndReason::error, "Bochs, or a library of its windows, ended the process"};
std::atomic<const Downfall*> downfall{nullptr};
std::atomic<bool> concluded{false};

// From wherever the process is, another thread too: Bochs goes to its end, which is wrap_at_exit(). Async-signal-safe: some stores. Its main
// loop looks at kill_bochs_request when async_event is set; that of its debugger would never end.
void lead_to_end() {
    if (plugin::debugging()) return plugin::quit_debugger();
    bx_pc_system.kill_bochs_request = 1;
    BX_CPU(0)->async_event = 1;
}

void catch_signal(int number) {
    caught_signal = number;
    lead_to_end();
}

// In the debugger the guest may go on, without being recorded.
void stop_machine() {
    const plugin::RunInfo& info = recording.session->info();
    if (plugin::stop_in_debugger("the recording has ended: " + std::string{name(info.reason)} + (info.detail.empty() ? "" : ": " + info.detail))) return;
    bx_pc_system.kill_bochs_request = 1;
    for (unsigned cpu = 0; cpu < BX_SMP_PROCESSORS; ++cpu) BX_CPU(cpu)->async_event = 1;
}

// For `stop_on_stale`: the debugger, where there is one, rather than the end.
bool break_in() { return plugin::stop_in_debugger("missing flush: a translation was used that should have been flushed; `zs stale` has the report"); }

[[noreturn]] void give_up(const std::string& message) {
    fprintf(stderr, "zonescope: %s\n", message.c_str());
    recording.session.reset();
    exit(EXIT_FAILURE);
}

Bit32s parse_line(const char* context, int count, char* words[]) {
    recording.options.enabled = true;
    for (int n = 1; n < count; ++n) {
        const std::string error = plugin::parse_option(words[n], recording.options);
        if (!error.empty()) give_up(std::string{context} + ": zonescope: " + error);
    }
    return 0;
}

Bit32s save_line(FILE* file) {
    fprintf(file, "%s\n", to_bochsrc(recording.options).c_str());
    return 0;
}

// The linked traces of instructions are left after the one that is running, and plugin::next_instruction() is called.
void pause() {
    plugin::fast_path[plugin::executing_cpu].fetch.start_unknown = true;
    BX_CPU(plugin::executing_cpu)->async_event |= BX_ASYNC_EVENT_STOP_TRACE;
}

// Of all CPUs.
uint64_t executed() {
    uint64_t sum = 0;
    for (unsigned cpu = 0; cpu < BX_SMP_PROCESSORS; ++cpu) sum += BX_CPU(cpu)->icount;
    return sum;
}

// In a tick each CPU executes an instruction, if all are busy.
uint64_t ticks_for(uint64_t instructions) { return (instructions - 1) / BX_SMP_PROCESSORS + 1; }

// Fires at a tick: looks whether a count of instructions is reached, which idle time puts off.
int count_timer = -1;

void check_count(void*);

void await_count() {
    const uint64_t next = recording.session->next_count(), done = executed();
    if (next == 0) return;
    if (count_timer < 0) count_timer = bx_pc_system.register_timer_ticks(nullptr, check_count, 1, false, false, "zonescope.count");
    bx_pc_system.activate_timer_ticks(static_cast<unsigned>(count_timer), next > done ? ticks_for(next - done) : 1, false);
}

void check_count(void*) {
    plugin::Session& session = *recording.session;
    const uint64_t done = executed(), limit = recording.options.instructions;
    if (session.ended() || session.completed(done)) return;
    if (session.recording() && limit != 0 && session.recorded_instructions() >= limit) session.end(EndReason::instructions, "");
    else await_count();
}

// Before a recording starts nothing is recorded that could look for viewers: a timer does. It must not fire afterwards: each timer makes Bochs
// leave its linked traces, and look up its instruction TLB.
constexpr unsigned ticks_between_looks = 1 << 18;
int look_timer = -1;

void look_for_viewers(void*) { recording.session->look_for_viewers(); }

void await_viewers() {
    if (!recording.session->serves_viewers() || recording.session->recording()) return;
    look_timer = bx_pc_system.register_timer_ticks(nullptr, look_for_viewers, ticks_between_looks, true, true, "zonescope.live");
}

void await_no_viewers() {
    if (look_timer >= 0) bx_pc_system.deactivate_timer(static_cast<unsigned>(look_timer));
}

// Between two instructions all that a restored machine needs is in what Bochs saves.
void save_machine() {
    plugin::Session& session = *recording.session;
    const std::string error = plugin::replace_file(recording.options.save + "/published", session.published(emulator) + plugin::saved_hpet());
    if (!error.empty()) return session.end(EndReason::error, error);
    if (SIM->save_state((recording.options.save + "/machine").c_str())) session.saved();
    else session.end(EndReason::error, recording.options.save + "/machine: the machine cannot be saved there; is the disk full?");
}

void start_recording() {
    emulation = pthread_self();
    const plugin::Session::Setup setup{
        static_cast<unsigned>(BX_SMP_PROCESSORS), static_cast<uint64_t>(SIM->get_param_num(BXPN_MEM_SIZE)->get64()), static_cast<uint64_t>(SIM->get_param_num(BXPN_IPS)->get64()),
        SIM->get_param_enum(BXPN_CPU_MODEL)->get_selected()};
    if (BX_SMP_PROCESSORS > static_cast<int>(plugin::fast_path_cpus)) give_up("cpu: count is above 8, which the recording cannot follow");
    recording.session = std::make_unique<plugin::Session>(recording.options, setup, plugin::Session::Control{stop_machine, break_in, pause});
    if (!recording.session->create()) give_up(recording.session->error());
}

// Only an NMI, or another CPU's INIT or SIPI, gets it out of there.
bool halted_for_good(BX_CPU_C& cpu) {
    const unsigned state = cpu.activity_state;
    const bool halted = state == BX_CPU_C::BX_ACTIVITY_STATE_HLT || state == BX_CPU_C::BX_ACTIVITY_STATE_SHUTDOWN;
    return state == BX_CPU_C::BX_ACTIVITY_STATE_WAIT_FOR_SIPI || (halted && !cpu.get_IF());
}

// Ends the recording, wherever the emulation is. Returns whether Bochs' own exit status tells how it went.
// Bochs' own quit flag is set by the guest's power-off and by the user's, through a window or the debugger.
bool conclude() {
    EndReason reason = EndReason::error;
    std::string detail = "Bochs ended the simulation: its log file says why";
    if (bx_user_quit) reason = EndReason::interrupted, detail = "Bochs was told to quit";
    if (bx_user_quit && recording.session->powered_off()) reason = EndReason::shutdown, detail.clear();
    const bool quits = plugin::debugging() && plugin::at_prompt && !caught_signal;  // or its script is wrong: Bochs' exit status tells
    if (quits) reason = EndReason::interrupted, detail = plugin::quit_words;
    if (caught_signal) reason = EndReason::interrupted, detail = "signal " + std::to_string(caught_signal);
    const Downfall* const outside = downfall;
    if (outside) reason = outside->reason, detail = outside->words;
    const bool complete = recording.session->finish(reason, detail);
    plugin::detach_debugger();
    recording.session.reset();
    concluded = true;
    return complete || (quits && !outside);
}

// The windows of Bochs' debugger have a thread of their own, those of its USB debugger (`usb_debug`) too, and that without -debugger. Nothing of
// the recording can be touched there.
void conclude_from_outside(const Downfall& why) {
    downfall = &why;
    if (pthread_equal(pthread_self(), emulation)) {
        if (recording.session) conclude();
        return;
    }
    lead_to_end();
    for (unsigned tenths = 0; tenths < seconds_to_conclude * 10 && !concluded; ++tenths) usleep(100'000);
}

// Xlib, for one, calls exit() when a window that it draws into has been destroyed.
void at_exit() {
    if (!recording.session || downfall) return;
    conclude_from_outside(exited);
    plugin::leave_process();
}

}  // namespace

void bx_instr_init_env(void) { SIM->register_addon_option("zonescope", parse_line, save_line); }

void bx_instr_initialize(unsigned cpu) {
    if (!recording.options.enabled) return;
    if (cpu == 0) start_recording(), plugin::watch_display(plugin::lost_display), atexit(at_exit);
    recording.machines.push_back(std::make_unique<plugin::BochsMachine>(cpu));
    if (!recording.session->add_cpu(*recording.machines.back(), plugin::fast_path[cpu])) give_up(recording.session->error());
    if (cpu + 1 < BX_SMP_PROCESSORS) return;
    plugin::attach_debugger();
    if (plugin::debugging()) plugin::take_signals_for_debugger(catch_signal);  // its first prompt comes before the first instruction
}

void bx_instr_reset(unsigned cpu, unsigned) {
    if (recording.on(cpu)) recording.state(cpu).change_state(recording.machines[cpu]->state(), mm::RefillCause::control);
}

// Bochs takes SIGINT for itself before. Here SIGINT and SIGTERM end the recording.
void plugin::power_on() {
    if (debugging()) {
        take_signals_for_debugger(catch_signal);
    } else {
        struct sigaction action = {};
        action.sa_handler = catch_signal;
        sigaction(SIGINT, &action, nullptr);
        sigaction(SIGTERM, &action, nullptr);
    }
    if (!recording.options.restored.empty()) {
        const std::string published = read_file(recording.options.restored + "/published"), error = recording.session->resume(published, emulator);
        if (!error.empty()) give_up(recording.options.restored + ": " + error);
        restore_hpet(published);
    }
    watch_decoder();
    await_count();
    await_viewers();
}

// What Bochs has cached of instructions and translations goes: a recording begins as if nothing were known, whether the guest ran up to
// here or was restored. In the latter case a Linux has not been looked at yet.
void plugin::between_instructions() {
    await_no_viewers();
    if (recording.session->due() == plugin::Session::Due::save) return save_machine();
    std::vector<mm::trace::State> states;
    for (unsigned cpu = 0; cpu < BX_SMP_PROCESSORS; ++cpu) {
        BX_CPU(cpu)->TLB_flush();
        states.push_back(recording.machines[cpu]->state());
    }
    if (recording.session->looks_for_linux()) recording.session->look_at_linux(*recording.machines[0], states[0], false);
    watch_decoder();
    flushICaches();
    recording.session->start(states, recording.position(0));
    await_count();
}

// That no CPU is left which could do anything, or wake another.
void bx_instr_hlt(unsigned cpu) {
    if (!recording.alive()) return;
    for (unsigned n = 0; n < BX_SMP_PROCESSORS; ++n)
        if (!halted_for_good(*BX_CPU(n))) return;
    recording.session->end(EndReason::halt, BX_SMP_PROCESSORS == 1 ? "HLT with interrupts off" : "HLT with interrupts off, on every CPU");
}

void bx_instr_exit_env(void) {
    if (recording.session && !conclude()) exit(EXIT_FAILURE);
}

// Bochs cleans up: it would begin with its windows.
int wrap_at_exit() {
    if (!downfall) return real_at_exit();
    if (recording.session) conclude();
    plugin::leave_process();
}

void plugin::lost_display() { conclude_from_outside(display_lost); }

void bx_instr_exit(unsigned) {}
