// SPDX-License-Identifier: LGPL-2.1-or-later
// What a ring-3 program includes. A program is a function of C linkage, and the build makes an ELF file of its own out of it
// and what it calls, by its name with '-' for '_' (build-aux/make-initramfs):
//
//   extern "C" int program_null_syscall(uint32_t argument) { ...; return 0; }      ->  bin/null-syscall
//
// The name is at most 27 characters. Programs have .data and .bss of their own in each process, and 64 KiB of stack.
#pragma once

#include "guest-kernel/abi.hpp"
#include "guest-kernel/arch/system_call.hpp"
#include "guest-kernel/span.hpp"

namespace guest {

// System calls by name; see abi.hpp. Negative results are Errors.
inline int32_t null_call() { return system_call(Call::null); }
[[noreturn]] inline void exit(int32_t status) {
    system_call(Call::exit, static_cast<uint32_t>(status));
    __builtin_unreachable();
}
inline int32_t yield() { return system_call(Call::yield); }
inline int32_t write_console(const char* text, uint32_t bytes) { return system_call(Call::write_console, word(text), bytes); }
inline void* map(uint32_t bytes) { return reinterpret_cast<void*>(system_call(Call::map, bytes)); }
inline bool mapped(const void* address) { return word(address) < 0xFFFFF000; }  // false for an Error
inline int32_t unmap(const void* address, uint32_t bytes) { return system_call(Call::unmap, word(address), bytes); }
inline int32_t spawn(const char* name, uint32_t argument) { return system_call(Call::spawn, word(name), argument); }
inline int32_t fork() { return system_call(Call::fork); }
inline int32_t exec(const char* name, uint32_t argument) { return system_call(Call::exec, word(name), argument); }
inline uint32_t brk(uint32_t end) { return static_cast<uint32_t>(system_call(Call::brk, end)); }  // mapped() says if it moved
inline int32_t protect(const void* address, uint32_t bytes, uint32_t allowed) {
    return system_call(Call::protect, word(address), bytes, allowed);
}
inline int32_t wait(int32_t process) { return system_call(Call::wait, static_cast<uint32_t>(process)); }
inline int32_t post(int32_t process) { return system_call(Call::post, static_cast<uint32_t>(process)); }
inline int32_t take() { return system_call(Call::take); }
inline int32_t timer(uint32_t hertz) { return system_call(Call::timer, hertz); }
inline int32_t sleep(uint32_t ticks) { return system_call(Call::sleep, ticks); }

// A thread that runs main(argument) and ends when it returns; `stack` is the end of memory that it alone uses. Returns its
// process id: wait() joins it.
extern "C" char thread_start[];  // arch/program_start.S
inline int32_t thread(int (*main)(uint32_t argument), uint32_t argument, void* stack) {
    auto* const top = static_cast<uint32_t*>(stack) - 2;
    top[0] = reinterpret_cast<uint32_t>(main);
    top[1] = argument;
    return system_call(Call::thread, word(thread_start), argument, word(top));
}

inline int32_t read_buffer(void* to, uint32_t bytes, Buffer b) {
    return system_call(Call::read_buffer, word(to), bytes, static_cast<uint32_t>(b));
}
inline int32_t write_buffer(const void* from, uint32_t bytes, Buffer b) {
    return system_call(Call::write_buffer, word(from), bytes, static_cast<uint32_t>(b));
}

inline int32_t read_disk(void* to, uint32_t bytes, uint32_t offset) {
    return system_call(Call::read_disk, word(to), bytes, offset);
}
inline int32_t write_disk(const void* from, uint32_t bytes, uint32_t offset) {
    return system_call(Call::write_disk, word(from), bytes, offset);
}
inline int32_t sync_disk() { return system_call(Call::sync_disk); }
inline int32_t start_read(void* page, uint32_t block, DiskWay way) {
    return system_call(Call::start_read, word(page), block, static_cast<uint32_t>(way));
}
inline int32_t finish_read(void* page) { return system_call(Call::finish_read, word(page)); }
inline int32_t read_page(void* page, uint32_t block, DiskWay way) {
    return system_call(Call::read_page, word(page), block, static_cast<uint32_t>(way));
}

// IPC: `status` is 0 or the caller's process id, or a negative Error; `word` is what the other side sent.
inline Message ipc_call(int32_t process, uint32_t w) {
    return message_call(Call::ipc_call, static_cast<uint32_t>(process), w);
}
inline Message ipc_receive() { return message_call(Call::ipc_receive, 0, 0); }
inline Message ipc_reply(int32_t process, uint32_t w) {
    return message_call(Call::ipc_reply, static_cast<uint32_t>(process), w);
}

// Messages with pages: they arrive in the receiver's window.
inline int32_t ipc_window(const void* address, uint32_t pages) { return system_call(Call::ipc_window, word(address), pages); }
inline Message ipc_call(int32_t process, uint32_t w, PageMessage pages) {
    return message_call(Call::ipc_call_pages, static_cast<uint32_t>(process), w, pages);
}
inline Message ipc_reply(int32_t process, uint32_t w, PageMessage pages) {
    return message_call(Call::ipc_reply_pages, static_cast<uint32_t>(process), w, pages);
}

inline int32_t kill(int32_t process) { return system_call(Call::kill, static_cast<uint32_t>(process)); }

}  // namespace guest
