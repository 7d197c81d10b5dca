// SPDX-License-Identifier: LGPL-2.1-or-later
// The contract between the kernel and its ring-3 programs: system calls (int 0x80), errors, and where programs live.
//
//   eax = Call, ebx ecx edx = arguments  --int 0x80-->  eax = result, or a negative Error; ecx = message word (IPC only)
//
// Every other register is preserved.
#pragma once

#include <stdint.h>

namespace guest {

enum class Call : uint32_t {
    null,           // ()                        -> parent's process id. Does nothing else: lmbench's null system call.
    exit,           // (status)                  never returns
    yield,          // ()                        -> 0, after every other ready process had its turn
    write_console,  // (text, bytes)             -> bytes written to the debug console
    map,            // (bytes)                   -> address of a new zeroed anonymous region; pages come on first touch
    unmap,          // (address, bytes)          -> 0. Whole pages; frees what was touched.
    spawn,          // (program name, argument)  -> process id of a new process that runs main(argument)
    wait,           // (process id)              -> its exit status; ends the zombie. Only the parent may wait.
    post,           // (process id)              -> 0. Gives the process one token; never blocks.
    take,           // ()                        -> 0. Takes one of the caller's tokens; blocks while there is none.
    ipc_call,       // (process id, word)        -> 0, ecx = the answer. Blocks until the receiver has replied.
    ipc_receive,    // ()                        -> the caller's process id, ecx = its word. Blocks until one calls.
    ipc_reply,      // (process id, word)        -> as ipc_receive: answers that caller, then waits for the next one.
    read_buffer,    // (address, bytes, Buffer)  -> bytes copied to the program from the kernel's buffer
    write_buffer,   // (address, bytes, Buffer)  -> bytes copied from the program to the kernel's buffer
    timer,          // (ticks per second)        -> 0. Starts pre-emption, 19 to 10000; 0 stops it.
    sleep,          // (ticks of the timer)      -> 0, after so many; the timer runs at 100 Hz if it was stopped
    thread,         // (entry, argument, stack)  -> process id of a new process in the same address space: eax = argument
    fork,           // ()                        -> the child's process id in the parent, 0 in the child
    exec,           // (program name, argument)  becomes that program; returns only with an Error, and then nothing changed
    brk,            // (address, or 0)           -> the heap's end, moved there: 0 asks where it is
    protect,        // (address, bytes, access)  -> 0. Whole pages.
    read_disk,      // (address, bytes, offset)  -> bytes copied to the program from the data disk's file; 0 at its end
    write_disk,     // (address, bytes, offset)  -> bytes copied from the program to the file, in the page cache
    sync_disk,      // ()                        -> 0, when all that was written is on the disk
    features,       // ()                        -> a sum of feature_ bits
    start_read,     // (address, block, DiskWay) -> 0. Queues a read of a disk's block into the page; goes on while it is done.
    finish_read,    // (address)                 -> 0. Blocks until the read into that page is complete.
    read_page,      // (address, block, DiskWay) -> 0. Both at once: the caller sleeps before it could be interrupted.
    ipc_window,     // (address, pages)          -> 0. Where pages of messages to the caller go; in a writable region of it
    ipc_call_pages, // (process id, word, PageMessage)  as ipc_call, with pages
    ipc_reply_pages,  // (process id, word, PageMessage)  as ipc_reply, with pages
    kill,           // (process id)              -> 0. Ends it, before it runs again in ring 3; status killed_by_request.
    count_,
};

// Which pages a message carries, and how: in one word.
enum class PageTransfer : uint32_t { copy, share, grant };
inline constexpr uint32_t max_message_pages = 16;
struct PageMessage {  // the address ends in 12 zero bits: 8 take the count, 4 the way
    uint32_t address, count;
    PageTransfer how;

    constexpr uint32_t packed() const { return address | static_cast<uint32_t>(how) << 8 | count; }
    static constexpr PageMessage unpack(uint32_t w) { return {w & 0xFFFFF000, w & 0xFF, PageTransfer{w >> 8 & 0xF}}; }
    constexpr bool valid() const { return count >= 1 && count <= max_message_pages && how <= PageTransfer::grant; }
};
static_assert(PageMessage::unpack(PageMessage{0x40001000, 3, PageTransfer::grant}.packed()).count == 3);

inline constexpr uint8_t call_vector = 0x80;
inline constexpr int32_t feature_sysenter = 1;  // system calls by SYSENTER, arch/sysenter.S

enum class Error : int32_t {
    bad_call = -1,
    bad_address = -2,  // a pointer that is not the caller's own memory
    no_memory = -3,
    no_process = -4,   // no such process, or not in a state that allows this
    no_program = -5,
    bad_argument = -6,
    interrupted = -7,  // inside the kernel only: a killed process's way out
    io = -7,           // the device reported an error
    no_device = -8,
};

// What `protect` allows besides reading: a sum of these.
namespace access { inline constexpr uint32_t read = 0, write = 1, execute = 2; }

// The kernel's one-page transfer buffers. The HIGHMEM one is a NORMAL page on a machine without HIGHMEM.
enum class Buffer : uint32_t { lowmem, highmem };
inline constexpr uint32_t buffer_bytes = 4096;

// How start_read gets at the disk: bus-master DMA, or programmed I/O in the interrupt.
enum class DiskWay : uint32_t { dma, pio };

// Exit statuses of programs that the kernel ends, outside 0..255 which programs use: killed_by(vector), or there was no
// memory for a page that it touched, or its page could not be read back (Linux: SIGSEGV and its like, SIGKILL, SIGBUS).
constexpr int32_t killed_by(unsigned vector) { return static_cast<int32_t>(0x100 + vector); }
inline constexpr int32_t killed_for_memory = 0x200, killed_for_io = 0x202;
inline constexpr int32_t killed_by_request = 0x201;  // by `kill`

inline constexpr uint32_t program_base = 0x08348000;   // where the tests' programs are linked (build-aux/make-initramfs)
inline constexpr uint32_t user_stack_bytes = 64 * 1024;  // ends at the layout's user_end; pages come on first touch

inline constexpr uint32_t program_name_bytes = 28;       // of what spawn and exec take, with the NUL

}  // namespace guest
