// SPDX-License-Identifier: LGPL-2.1-or-later
// Ring-3 programs that go on together under a fast timer. Each counts in its own way what it did and returns 0 if the count
// is right; program_test_stress(role) is one of them.
#include "guest-kernel/runtime/program.hpp"

namespace guest {
namespace {

constexpr uint32_t page = 4096;

volatile uint32_t counter = 0;

// Interrupted everywhere, its registers and its memory must survive.
int spin() {
    uint32_t in_register = 0;
    for (uint32_t i = 0; i < 300000; ++i) in_register += i ^ 0x55, counter = counter + 1;
    uint32_t again = 0;
    for (uint32_t i = 0; i < 300000; ++i) again += i ^ 0x55;
    return in_register == again && counter == 300000 ? 0 : 1;
}

int fork_children() {
    for (uint32_t i = 0; i < 20; ++i) {
        counter = i;
        const int32_t child = fork();
        if (child < 0) return 1;
        if (child == 0) {
            counter = counter + 100;
            yield();
            exit(static_cast<int32_t>(counter));
        }
        counter = counter + 1;
        if (wait(child) != static_cast<int32_t>(i + 100) || counter != i + 1) return 2;
    }
    return 0;
}

int nap() {
    for (uint32_t i = 0; i < 40; ++i) {
        if (sleep(1 + i % 3) != 0) return 1;
        counter = counter + 1;
    }
    return counter == 40 ? 0 : 2;
}

int talk() {
    constexpr uint32_t calls = 500;
    const int32_t server = spawn("test-server", calls + 1);
    for (uint32_t i = 0; i < calls; ++i) {
        const Message m = ipc_call(server, i * 3);
        if (m.status != 0 || m.word != i * 3 + 1) return 1;
    }
    if (ipc_call(server, 0).status != static_cast<int32_t>(Error::no_process)) return 2;
    return wait(server) == 0 ? 0 : 3;
}

int count_up(uint32_t n) {
    uint32_t mine = 0;
    for (uint32_t i = 0; i < n; ++i) ++mine;
    return static_cast<int>(mine);
}

int make_threads() {
    auto* const stacks = static_cast<char*>(map(4 * page));
    for (uint32_t round = 0; round < 10; ++round) {
        int32_t ids[4];
        for (uint32_t i = 0; i < 4; ++i) ids[i] = thread(count_up, 1000 * (i + 1), stacks + (i + 1) * page);
        for (uint32_t i = 0; i < 4; ++i)
            if (wait(ids[i]) != static_cast<int32_t>(1000 * (i + 1))) return 1;
    }
    return 0;
}

int map_and_unmap() {
    for (uint32_t round = 0; round < 30; ++round) {
        auto* const area = static_cast<volatile uint32_t*>(map(8 * page));
        if (!mapped(const_cast<uint32_t*>(area))) return 1;
        for (uint32_t i = 0; i < 8 * 1024; i += 1024) {
            if (area[i] != 0) return 2;
            area[i] = i + round;
        }
        for (uint32_t i = 0; i < 8 * 1024; i += 1024)
            if (area[i] != i + round) return 3;
        if (unmap(const_cast<uint32_t*>(area), 8 * page) != 0) return 4;
    }
    return 0;
}

int end_others() {
    for (uint32_t round = 0; round < 7; ++round) {
        const int32_t victim = spawn("test-linger", round % 5);
        yield();
        if (victim <= 0 || kill(victim) != 0 || wait(victim) != killed_by_request) return 1;
    }
    return 0;
}

int stress(uint32_t role) {
    switch (role) {
    case 0: return spin();
    case 1: return fork_children();
    case 2: return nap();
    case 3: return talk();
    case 4: return make_threads();
    case 5: return map_and_unmap();
    case 6: return end_others();
    default: return 99;
    }
}

}  // namespace

extern "C" int program_test_stress(uint32_t argument) { return stress(argument); }

}  // namespace guest
