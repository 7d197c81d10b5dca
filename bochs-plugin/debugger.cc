// SPDX-License-Identifier: LGPL-2.1-or-later
// What Bochs' debugger calls, and what is called of it. Its functions are there only in a Bochs that was built with it.
#include "bochs.h"
#include "cpu/cpu.h"
#include "gui/siminterface.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "code_trap.h"
#include "debug_console.h"
#include "debugger.h"
#include "held_instruction.h"
#include "recording.h"
#include "wrap_symbols.h"

extern bool bx_user_quit;
void bx_debug_break(void) __attribute__((weak));
void bx_dbg_exit(int code) __attribute__((weak));
void dbg_printf(const char* format, ...) __attribute__((weak));
bx_address bx_dbg_get_symbol_value(const char* symbol) __attribute__((weak));
const char* bx_dbg_disasm_symbolic_address(bx_address ip, bx_address base) __attribute__((weak));
void real_lex_input(char* line) asm("__real_" ZONESCOPE_LEX_INPUT) __attribute__((weak));
void wrap_lex_input(char* line) asm("__wrap_" ZONESCOPE_LEX_INPUT);
void wrap_close_dialog() asm("__wrap_" ZONESCOPE_CLOSE_DIALOG);

namespace plugin {

volatile bool at_prompt = true;

namespace {

std::unique_ptr<DebugConsole> console;
volatile bool quitting = false;
bool stopping = false;  // the recording wants the prompt

void stop() {
    stopping = true;
    bx_debug_break();
}

void print(const std::string& line) { dbg_printf("%s\n", line.c_str()); }

// Bochs has no sizes of symbols: what is far behind one is no part of it.
std::string symbol_at(uint64_t linear) {
    constexpr unsigned long long farthest = 1 << 20;
    constexpr size_t longest = 79;  // it cuts what is longer
    const char* const text = bx_dbg_disasm_symbolic_address(linear, 0);
    if (!text || strlen(text) == longest) return text ? std::string{text} + "..." : "";
    const char* const plus = strrchr(text, '+');
    return plus && strtoull(plus + 1, nullptr, 16) < farthest ? text : "";
}

// It says 0 of what it does not know.
std::optional<uint64_t> find_symbol(const std::string& name) {
    const uint64_t value = bx_dbg_get_symbol_value(name.c_str());
    return value ? std::optional{value} : std::nullopt;
}

// As where a recording begins in the middle of a run.
void forget_all() {
    for (unsigned cpu = 0; cpu < BX_SMP_PROCESSORS; ++cpu) BX_CPU(cpu)->TLB_flush();
    watch_decoder();
    flushICaches();
}

void command(const char* line) {
    if (console) console->obey(line);
    else print("zonescope: nothing is recorded, so that there is nothing to ask: add a line `zonescope: output=DIR` to the bochsrc");
}

void request_break(int) { bx_debug_break(); }

}  // namespace

bool debugging() { return bx_dbg.debugger_active && bx_debug_break; }

void attach_debugger() {
    if (!debugging()) return;
    DebugConsole::Host host;
    host.print = print, host.stop = stop, host.forget = forget_all;
    host.names.symbol_at = symbol_at, host.names.find = find_symbol;
    host.registers = [](unsigned cpu) { return recording.machines[cpu]->state(); };
    host.position = [](unsigned cpu) { return recording.position(cpu); };
    console = std::make_unique<DebugConsole>(*recording.session, host);
}
void detach_debugger() { console.reset(); }

bool stop_in_debugger(const std::string& why) {
    if (!debugging() || !console) return false;
    console->stop(why);
    return true;
}

// Bochs looks for a wish to stop after each instruction. One that the delivery of an interrupt, a reset or system management mode brought about
// is older than the instruction.
bool stops_before(unsigned cpu) {
    if (!stopping) return false;
    hold_instruction(cpu);
    return true;
}

void take_signals_for_debugger(void (*terminated)(int)) {
    struct sigaction action = {};
    action.sa_handler = request_break;
    sigaction(SIGINT, &action, nullptr);
    action.sa_handler = terminated;
    sigaction(SIGTERM, &action, nullptr);
}

// The prompt waits for a line of standard input, or for Bochs' own flag where it has windows.
void quit_debugger() {
    quitting = bx_user_quit = true;
    bx_debug_break();
    if (at_prompt) close(STDIN_FILENO);
}

}  // namespace plugin

void bx_instr_debug_cmd(const char* line) { plugin::command(line); }

void bx_instr_debug_prompt(void) {
    plugin::at_prompt = true, plugin::stopping = false;
    if (plugin::quitting) bx_dbg_exit(EXIT_FAILURE);
    if (plugin::console) plugin::console->at_prompt();
    if (plugin::recording.alive()) plugin::recording.session->look_for_viewers();  // who show what the guest stands at
}

// A line that begins with `zs` is ours; Bochs' parser gets an empty one for it.
void wrap_lex_input(char* line) {
    static char nothing[] = "\n";
    const char* word = line + strspn(line, " \t");
    if (strncmp(word, "zs", 2) != 0 || !strchr(" \t\r\n", word[2])) return real_lex_input(line);
    plugin::command(word + 2);
    real_lex_input(nothing);
}

// The process ends: Bochs would destroy the windows from its own thread while that of GTK draws them, or destroys them since the user closed
// them. They go with the process (doc/bochs-findings.md).
void wrap_close_dialog() {}
