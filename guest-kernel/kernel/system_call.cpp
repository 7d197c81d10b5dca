// SPDX-License-Identifier: LGPL-2.1-or-later
// The system calls of abi.hpp, one function each, called through a table.
#include "guest-kernel/abi.hpp"
#include "guest-kernel/kernel/buffer.hpp"
#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/ipc.hpp"
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

int32_t map_call(TrapFrame& f) {
    uint32_t start;
    const uint64_t bytes = mm::align_up(f.ebx, mm::page_size);
    if (bytes == 0 || bytes > layout.user_end) return error(Error::bad_argument);
    if (current().space->add_region(static_cast<uint32_t>(bytes), start) != RegionStatus::done) return error(Error::no_memory);
    return static_cast<int32_t>(start);
}

// What a call that changes regions answers.
int32_t region_error(RegionStatus status) {
    if (status == RegionStatus::done) return 0;
    return error(status == RegionStatus::no_memory || status == RegionStatus::no_room ? Error::no_memory : Error::bad_argument);
}

int32_t unmap_call(TrapFrame& f) { return region_error(current().space->remove_region(f.ebx, f.ecx)); }

int32_t spawn_call(TrapFrame& f) {
    char name[sizeof ProgramEntry::name] = {};
    // Byte by byte up to the NUL: what lies behind a short name may not be the caller's.
    for (uint32_t i = 0; i + 1 < sizeof name; ++i) {
        if (!copy_from_user(&name[i], mm::VirtAddr{f.ebx + i}, 1)) return error(Error::bad_address);
        if (!name[i]) break;
    }
    return spawn(name, f.ecx);
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

using Handler = int32_t (*)(TrapFrame&);
constexpr Handler handlers[] = {  // in the order of Call
    null_call, exit_call, yield_call, write_console, map_call, unmap_call, spawn_call, wait_call,
    post_call, take_call, call_call, receive_call, reply_call, read_buffer, write_buffer, timer_call,
    sleep_call, thread_call,
};
static_assert(sizeof handlers / sizeof handlers[0] == static_cast<unsigned>(Call::count_));

}  // namespace

extern "C" void system_call_trap(TrapFrame& f) {
    const uint32_t number = f.eax;
    const int32_t result = number < static_cast<uint32_t>(Call::count_) ? handlers[number](f) : error(Error::bad_call);
    f.eax = static_cast<uint32_t>(result);
}

}  // namespace guest
