// SPDX-License-Identifier: LGPL-2.1-or-later
// Ring-3 programs that check what system calls answer. Each returns the number of the first check that failed, or 0.
#include "guest-kernel/runtime/program.hpp"

namespace guest {
namespace {

constexpr auto bad_address = static_cast<int32_t>(Error::bad_address);
constexpr uint32_t page = 4096;

char text[] = "text";

// `kernel`: an address that belongs to the kernel.
int bad_pointers(uint32_t kernel) {
    auto* const not_ours = reinterpret_cast<char*>(kernel);
    auto* const null = reinterpret_cast<char*>(0);
    if (write_console(not_ours, 4) != bad_address) return 1;
    if (write_console(null, 4) != bad_address) return 2;
    if (read_buffer(not_ours, 4, Buffer::lowmem) != bad_address) return 3;
    if (write_buffer(not_ours, page, Buffer::highmem) != bad_address) return 4;
    if (spawn(null, 0) != bad_address) return 5;
    auto* const region = static_cast<char*>(map(page));
    if (!mapped(region)) return 6;
    if (read_buffer(region + 1, page, Buffer::lowmem) != bad_address) return 7;  // runs over the region's end
    if (read_buffer(region, page, Buffer::lowmem) != static_cast<int32_t>(page)) return 8;
    if (write_console(text, 0xFFFFFFFF) != bad_address) return 9;
    return 0;
}

int buffers(uint32_t) {
    auto* const region = static_cast<uint8_t*>(map(2 * page));
    for (uint32_t kind = 0; kind < 2; ++kind) {
        const Buffer b{kind};
        for (uint32_t i = 0; i < page; ++i) region[page / 2 + i] = static_cast<uint8_t>(i * 7 + kind);
        if (write_buffer(region + page / 2, page, b) != static_cast<int32_t>(page)) return 1;  // crosses a page boundary
        auto* const copy = static_cast<uint8_t*>(map(page));                                   // not touched yet
        if (read_buffer(copy, page, b) != static_cast<int32_t>(page)) return 2;
        for (uint32_t i = 0; i < page; ++i)
            if (copy[i] != static_cast<uint8_t>(i * 7 + kind)) return 3;
    }
    if (read_buffer(region, page + 1, Buffer::lowmem) != static_cast<int32_t>(Error::bad_argument)) return 4;
    if (read_buffer(region, 1, Buffer{2}) != static_cast<int32_t>(Error::bad_argument)) return 5;
    return 0;
}

int regions(uint32_t) {
    auto* const r = static_cast<volatile uint32_t*>(map(3 * page));
    if (!mapped(const_cast<uint32_t*>(r)) || r[0] != 0 || r[1024] != 0 || r[2048] != 0) return 1;
    r[0] = r[2048] = 5;
    const auto at = reinterpret_cast<uint32_t>(r);
    if (unmap(reinterpret_cast<void*>(at + page), page) != 0) return 2;
    if (unmap(reinterpret_cast<void*>(at + page), page) != static_cast<int32_t>(Error::bad_argument)) return 3;
    if (r[0] != 5 || r[2048] != 5) return 4;
    if (reinterpret_cast<uint32_t>(map(page)) != at + page || r[1024] != 0) return 5;  // the hole, zeroed again
    if (unmap(reinterpret_cast<void*>(at), page) != 0 || unmap(reinterpret_cast<void*>(at + page), page) != 0) return 6;
    if (unmap(reinterpret_cast<void*>(at + 2 * page), page) != 0) return 7;
    if (mapped(map(0)) || mapped(map(0xFFFFFFFF))) return 8;
    r[0] = 1;  // gone: this kills
    return 9;
}

int strange_calls(uint32_t) {
    if (system_call(Call{1000}) != static_cast<int32_t>(Error::bad_call)) return 1;
    if (spawn("no-such-program", 0) != static_cast<int32_t>(Error::no_program)) return 2;
    if (wait(77) != static_cast<int32_t>(Error::no_process)) return 3;
    if (post(77) != static_cast<int32_t>(Error::no_process)) return 4;
    if (ipc_call(77, 0).status != static_cast<int32_t>(Error::no_process)) return 5;
    if (ipc_reply(77, 0).status != static_cast<int32_t>(Error::no_process)) return 6;
    if (timer(1) != static_cast<int32_t>(Error::bad_argument)) return 7;
    return 0;
}

// Answers `calls` calls with word + 1, then ends with the last caller unanswered.
int server(uint32_t calls) {
    Message m = ipc_receive();
    for (uint32_t i = 1; i < calls; ++i) m = ipc_reply(m.status, m.word + 1);
    return m.status >= 0 ? 0 : 1;
}

int client(uint32_t) {
    const int32_t id = spawn("test-server", 4);
    for (uint32_t i = 0; i < 3; ++i) {
        const Message m = ipc_call(id, i * 10);
        if (m.status != 0 || m.word != i * 10 + 1) return static_cast<int>(i) + 1;
    }
    if (ipc_call(id, 0).status != static_cast<int32_t>(Error::no_process)) return 4;
    return wait(id) == 0 ? 0 : 5;
}

// Passes a token to and fro with a child.
int echo_tokens(uint32_t) {
    const int32_t parent = null_call();
    for (int i = 0; i < 5; ++i) take(), post(parent);
    return 0;
}

int tokens(uint32_t) {
    const int32_t id = spawn("test-echo", 0);
    for (int i = 0; i < 5; ++i) post(id), take();
    return wait(id) == 0 ? 0 : 1;
}

}  // namespace

extern "C" int program_test_pointers(uint32_t argument) { return bad_pointers(argument); }
extern "C" int program_test_buffers(uint32_t argument) { return buffers(argument); }
extern "C" int program_test_regions(uint32_t argument) { return regions(argument); }
extern "C" int program_test_calls(uint32_t argument) { return strange_calls(argument); }
extern "C" int program_test_server(uint32_t argument) { return server(argument); }
extern "C" int program_test_client(uint32_t argument) { return client(argument); }
extern "C" int program_test_echo(uint32_t argument) { return echo_tokens(argument); }
extern "C" int program_test_tokens(uint32_t argument) { return tokens(argument); }

}  // namespace guest
