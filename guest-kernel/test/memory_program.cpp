// SPDX-License-Identifier: LGPL-2.1-or-later
// Ring-3 programs that change their memory: fork, exec, the break, permissions. Each returns the number of the first check
// that failed, or 0.
#include "guest-kernel/runtime/program.hpp"

namespace guest {
namespace {

constexpr uint32_t page = 4096, words = page / 4;
constexpr auto no_memory = static_cast<int32_t>(Error::no_memory), bad_argument = static_cast<int32_t>(Error::bad_argument);

volatile uint32_t shared_word = 1;
constexpr uint32_t constant[] = {1, 2, 3};

volatile uint32_t* new_pages(uint32_t count) {
    auto* const at = static_cast<volatile uint32_t*>(map(count * page));
    return mapped(const_cast<uint32_t*>(at)) ? at : nullptr;
}

// Writes each page that it shares with its parent, itself and through the kernel.
int forked_child(volatile uint32_t* area) {
    if (shared_word != 2 || area[0] != 10 || area[words] != 11) return 101;
    shared_word = 3;
    area[0] = 20;
    if (read_buffer(const_cast<uint32_t*>(area) + words, page, Buffer::lowmem) != static_cast<int32_t>(page)) return 102;
    if (area[words] != 77 || area[0] != 20 || shared_word != 3) return 103;
    area[2 * words] = 5;  // nobody had touched it
    return 0;
}

// Child and parent write in turn; neither sees the other's words.
int fork_and_write(uint32_t) {
    volatile uint32_t* const area = new_pages(3);
    if (!area) return 1;
    area[0] = 77;
    if (write_buffer(const_cast<uint32_t*>(area), page, Buffer::lowmem) != static_cast<int32_t>(page)) return 2;
    shared_word = 2;
    area[0] = 10;
    area[words] = 11;
    const int32_t child = fork();
    if (child == 0) exit(forked_child(area));
    if (child < 0) return 3;
    area[words] = 12;  // before the child runs
    area[words] = 11;
    const int32_t status = wait(child);
    if (status != 0) return status;
    if (shared_word != 2 || area[0] != 10 || area[words] != 11 || area[2 * words] != 0) return 4;
    area[0] = 13;  // the last user's write
    return area[0] == 13 ? 0 : 5;
}

// Children of children, each with a word of its own at the same address; returns how many there were.
int fork_deep(uint32_t depth) {
    shared_word = depth;
    if (depth == 0) return 0;
    const int32_t child = fork();
    if (child == 0) exit(fork_deep(depth - 1));
    if (child < 0) return 200;
    const int32_t below = wait(child);
    return shared_word == depth ? below + 1 : 201;
}

int move_break(uint32_t) {
    const uint32_t start = brk(0);
    if (start % page != 0) return 1;
    if (brk(start + 3 * page + 1) != start + 3 * page + 1) return 2;
    auto* const heap = reinterpret_cast<volatile uint32_t*>(start);
    for (uint32_t i = 0; i < 4; ++i)
        if (heap[i * words] != 0) return 3;
        else heap[i * words] = i + 1;
    if (brk(start + 2 * page) != start + 2 * page || heap[words] != 2) return 4;
    if (brk(start + 4 * page) != start + 4 * page || heap[2 * words] != 0) return 5;  // it came back zeroed
    if (static_cast<int32_t>(brk(start - 1)) != bad_argument) return 6;
    if (static_cast<int32_t>(brk(0xFEFFF000)) >= 0) return 7;
    if (brk(0) != start + 4 * page) return 8;
    const int32_t child = fork();
    if (child == 0) exit(brk(0) == start + 4 * page && heap[words] == 2 && brk(start) == start ? 0 : 1);
    if (wait(child) != 0 || heap[words] != 2) return 9;
    if (brk(start) != start) return 10;
    heap[0] = 1;  // gone: this kills
    return 11;
}

// More regions than any fixed table would have.
int many_regions(uint32_t count) {
    volatile uint32_t* const area = new_pages(2 * count);
    if (!area) return 1;
    for (uint32_t i = 0; i < count; ++i) {
        area[2 * i * words] = i;
        if (unmap(const_cast<uint32_t*>(area) + (2 * i + 1) * words, page) != 0) return 2;
    }
    for (uint32_t i = 0; i < count; ++i)
        if (area[2 * i * words] != i) return 3;
    for (uint32_t i = 0; i < count; ++i)
        if (new_pages(1) != area + (2 * i + 1) * words) return 4;  // the holes, lowest first
    return unmap(const_cast<uint32_t*>(area), 2 * count * page) == 0 ? 0 : 5;  // one region again
}

// 0: reading is allowed; 1: writing is not.
int read_only(uint32_t write) {
    volatile uint32_t* const area = new_pages(2);
    area[0] = 5;
    if (protect(const_cast<uint32_t*>(area), 2 * page, access::read) != 0) return 1;
    if (area[0] != 5 || area[words] != 0) return 2;
    if (read_buffer(const_cast<uint32_t*>(area), 4, Buffer::lowmem) != static_cast<int32_t>(Error::bad_address)) return 3;
    if (protect(const_cast<uint32_t*>(area), 3 * page, access::write) != bad_argument) return 4;
    if (write == 0) {
        if (protect(const_cast<uint32_t*>(area), page, access::write) != 0) return 5;
        area[0] = 6;
        return area[0] == 6 ? 0 : 6;
    }
    area[words] = 1;
    return 7;
}

int write_constant(uint32_t) { return *const_cast<volatile uint32_t*>(constant) = 4, 1; }

// Runs `ret` on a page that is data, the stack (1), or data made executable (2).
int run_data(uint32_t where) {
    volatile uint32_t on_stack = 0xC3C3C3C3;
    volatile uint32_t* code = where == 1 ? &on_stack : new_pages(1);
    *code = 0xC3C3C3C3;
    if (where == 2 && protect(const_cast<uint32_t*>(code), page, access::write | access::execute) != 0) return 1;
    reinterpret_cast<void (*)()>(reinterpret_cast<uint32_t>(code))();
    return 0;
}

// Fails to become what there is not, unharmed; then becomes test-divide, and with it the result of 100 / divisor.
int become(uint32_t divisor) {
    volatile uint32_t* const area = new_pages(1);
    area[0] = 9;
    if (exec("no-such-program", 0) != static_cast<int32_t>(Error::no_program)) return 1;
    if (exec(nullptr, 0) != static_cast<int32_t>(Error::bad_address)) return 2;
    if (area[0] != 9) return 3;
    const int32_t error = exec("test-divide", divisor);
    return area[0] == 9 && error == no_memory ? 4 : 5;
}

// Becomes a program that ends well; 1 if there is no memory for that.
int become_once(uint32_t) {
    volatile uint32_t* const area = new_pages(1);
    if (!area) return 2;
    area[0] = 9;
    return exec("test-read-only", 0) == no_memory && area[0] == 9 ? 1 : 3;
}

}  // namespace

extern "C" int program_test_fork(uint32_t argument) { return fork_and_write(argument); }
extern "C" int program_test_fork_deep(uint32_t argument) { return fork_deep(argument); }
extern "C" int program_test_break(uint32_t argument) { return move_break(argument); }
extern "C" int program_test_many(uint32_t argument) { return many_regions(argument); }
extern "C" int program_test_read_only(uint32_t argument) { return read_only(argument); }
extern "C" int program_test_constant(uint32_t argument) { return write_constant(argument); }
extern "C" int program_test_run_data(uint32_t argument) { return run_data(argument); }
extern "C" int program_test_exec(uint32_t argument) { return become(argument); }
extern "C" int program_test_exec_once(uint32_t argument) { return become_once(argument); }

}  // namespace guest
