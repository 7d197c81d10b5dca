// SPDX-License-Identifier: LGPL-2.1-or-later
// The system calls of abi.hpp, one function each, called through a table.
#include "guest-kernel/abi.hpp"
#include "guest-kernel/arch/cpuid.hpp"
#include "guest-kernel/kernel/buffer.hpp"
#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/io/async_read.hpp"
#include "guest-kernel/kernel/io/disk_file.hpp"
#include "guest-kernel/kernel/ipc.hpp"
#include "guest-kernel/kernel/ipc_pages.hpp"
#include "guest-kernel/kernel/kill.hpp"
#include "guest-kernel/kernel/memory_calls.hpp"
#include "guest-kernel/kernel/scheduler.hpp"
#include "guest-kernel/kernel/timer.hpp"
#include "guest-kernel/kernel/trap_frame.hpp"
#include "guest-kernel/kernel/user_copy.hpp"
#include "guest-kernel/kernel/wait_queue.hpp"

namespace guest {
namespace {

constexpr int32_t error(Error e) { return static_cast<int32_t>(e); }

int32_t null_call(TrapFrame&) { return current().parent->id; }

int32_t exit_call(TrapFrame& f) { exit_current(static_cast<int32_t>(f.ebx)); }

int32_t yield_call(TrapFrame&) { return yield_current(), 0; }

int32_t write_console(TrapFrame& f) {
    if (!user_range(mm::VirtAddr{f.ebx}, f.ecx)) return error(Error::bad_address);
    char part[128];
    for (uint32_t done = 0; done < f.ecx;) {
        const uint32_t bytes = f.ecx - done < sizeof part ? f.ecx - done : sizeof part;
        if (!copy_from_user(part, mm::VirtAddr{f.ebx + done}, bytes)) return error(Error::bad_address);
        for (uint32_t i = 0; i < bytes; ++i) put(part[i]);
        done += bytes;
    }
    return static_cast<int32_t>(f.ecx);
}

struct ProgramName {
    char text[program_name_bytes] = {};

    // Byte by byte up to the NUL: what lies behind a short name may not be the caller's.
    bool copy(mm::VirtAddr from) {
        for (uint32_t i = 0; i + 1 < sizeof text; ++i) {
            if (!copy_from_user(&text[i], from + i, 1)) return false;
            if (!text[i]) break;
        }
        return true;
    }
};

int32_t spawn_call(TrapFrame& f) {
    ProgramName name;
    return name.copy(mm::VirtAddr{f.ebx}) ? spawn(name.text, f.ecx) : error(Error::bad_address);
}

int32_t fork_call(TrapFrame& f) { return fork(f); }

int32_t exec_call(TrapFrame& f) {
    ProgramName name;
    return name.copy(mm::VirtAddr{f.ebx}) ? exec(f, name.text, f.ecx) : error(Error::bad_address);
}

int32_t wait_call(TrapFrame& f) { return wait(static_cast<int32_t>(f.ebx)); }
int32_t post_call(TrapFrame& f) { return post_token(static_cast<int32_t>(f.ebx)); }
int32_t take_call(TrapFrame&) { return take_token(), 0; }

// The word that came goes back in ecx.
int32_t with_word(TrapFrame& f, int32_t status) { return f.ecx = current().word, status; }
int32_t call_call(TrapFrame& f) { return with_word(f, ipc_call(static_cast<int32_t>(f.ebx), f.ecx)); }
int32_t receive_call(TrapFrame& f) { return with_word(f, ipc_receive()); }
int32_t reply_call(TrapFrame& f) { return with_word(f, ipc_reply(static_cast<int32_t>(f.ebx), f.ecx)); }

int32_t read_buffer(TrapFrame& f) { return buffer_to_user(mm::VirtAddr{f.ebx}, f.ecx, Buffer{f.edx}); }
int32_t write_buffer(TrapFrame& f) { return buffer_from_user(mm::VirtAddr{f.ebx}, f.ecx, Buffer{f.edx}); }

int32_t timer_call(TrapFrame& f) {
    if (f.ebx != 0 && (f.ebx < 19 || f.ebx > 10000)) return error(Error::bad_argument);
    return set_timer(f.ebx), 0;
}

// Nobody wakes this queue: only time does.
int32_t sleep_call(TrapFrame& f) {
    WaitQueue queue;
    if (static_cast<int32_t>(f.ebx) < 0) return error(Error::bad_argument);
    return sleep_for(queue, f.ebx) ? error(Error::bad_call) : 0;
}

int32_t thread_call(TrapFrame& f) { return spawn_thread(f.ebx, f.ecx, f.edx); }

int32_t read_disk_call(TrapFrame& f) { return read_disk(mm::VirtAddr{f.ebx}, f.ecx, f.edx); }
int32_t write_disk_call(TrapFrame& f) { return write_disk(mm::VirtAddr{f.ebx}, f.ecx, f.edx); }
int32_t sync_disk_call(TrapFrame&) { return sync_disk(); }
int32_t features_call(TrapFrame&) { return cpu_has(Feature::sep) ? feature_sysenter : 0; }

int32_t start_read_call(TrapFrame& f) { return start_read(mm::VirtAddr{f.ebx}, f.ecx, DiskWay{f.edx}); }
int32_t finish_read_call(TrapFrame& f) { return finish_read(mm::VirtAddr{f.ebx}); }
int32_t read_page_call(TrapFrame& f) {
    const int32_t started = start_read_call(f);
    return started != 0 ? started : finish_read_call(f);
}
int32_t window_call(TrapFrame& f) { return set_window(f.ebx, f.ecx); }
int32_t call_pages_call(TrapFrame& f) { return with_word(f, ipc_call_pages(static_cast<int32_t>(f.ebx), f.ecx, f.edx)); }
int32_t reply_pages_call(TrapFrame& f) { return with_word(f, ipc_reply_pages(static_cast<int32_t>(f.ebx), f.ecx, f.edx)); }
int32_t kill_call(TrapFrame& f) { return kill(static_cast<int32_t>(f.ebx)); }

using Handler = int32_t (*)(TrapFrame&);
constexpr Handler handlers[] = {  // in the order of Call
    null_call, exit_call, yield_call, write_console, map_call, unmap_call, spawn_call, wait_call,
    post_call, take_call, call_call, receive_call, reply_call, read_buffer, write_buffer, timer_call,
    sleep_call, thread_call, fork_call, exec_call, brk_call, protect_call,
    read_disk_call, write_disk_call, sync_disk_call,
    features_call,
    start_read_call, finish_read_call, read_page_call,
    window_call, call_pages_call, reply_pages_call, kill_call,
};
static_assert(sizeof handlers / sizeof handlers[0] == static_cast<unsigned>(Call::count_));

}  // namespace

extern "C" void system_call_trap(TrapFrame& f) {
    const uint32_t number = f.eax;
    const int32_t result = number < static_cast<uint32_t>(Call::count_) ? handlers[number](f) : error(Error::bad_call);
    f.eax = static_cast<uint32_t>(result);
}

}  // namespace guest
