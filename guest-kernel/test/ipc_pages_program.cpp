// SPDX-License-Identifier: LGPL-2.1-or-later
// Ring-3 programs that send pages to each other, and that get killed. Each returns the number of the first check that
// failed, or 0.
#include "guest-kernel/runtime/program.hpp"

namespace guest {
namespace {

constexpr uint32_t page = 4096, page_words = page / 4;
constexpr auto bad_address = static_cast<int32_t>(Error::bad_address);
constexpr auto bad_argument = static_cast<int32_t>(Error::bad_argument);
constexpr auto no_process = static_cast<int32_t>(Error::no_process);

uint32_t* words(void* area) { return static_cast<uint32_t*>(area); }

// Receives into two pages until the word is 0: writes to what it got, and sends it back in the same way.
int receiver(uint32_t) {
    uint32_t* const window = words(map(2 * page));
    if (ipc_window(window, 2) != 0 || ipc_window(window, 17) != bad_argument) return 1;
    Message m = ipc_receive();
    while (m.status > 0 && m.word != 0) {
        const uint32_t got = window[0] * 100 + window[page_words];
        window[0] += 1;  // of a shared page this makes a copy
        m = ipc_reply(m.status, got, {word(window), 2, PageTransfer{m.word - 1}});
    }
    return m.status > 0 ? 0 : 2;
}

// `back`: what the two pages of the answer hold must not disturb what was sent.
int round_trip(int32_t to, uint32_t* mine, uint32_t* back, PageTransfer how) {
    mine[0] = 5;
    mine[page_words] = 6;
    back[0] = 77;
    const Message m = ipc_call(to, static_cast<uint32_t>(how) + 1, {word(mine), 2, how});
    if (m.status != 0 || m.word != 506) return 1;
    if (back[0] != 6 || back[page_words] != 6) return 2;
    const uint32_t left = how == PageTransfer::grant ? 0 : 5;
    if (mine[0] != left) return 3;
    mine[0] = 9;
    back[0] = 10;
    return mine[0] == 9 && back[0] == 10 ? 0 : 4;
}

int send_pages(uint32_t) {
    const int32_t to = spawn("test-page-receiver", 0);
    uint32_t *const mine = words(map(2 * page)), *const back = words(map(2 * page));
    if (ipc_window(back, 2) != 0) return 1;
    for (uint32_t how = 0; how < 3; ++how)
        for (int again = 0; again < 2; ++again)
            if (const int failed = round_trip(to, mine, back, PageTransfer{how})) return static_cast<int>(how * 10 + 10) + failed;
    if (ipc_call(to, 1, {word(mine), 3, PageTransfer::share}).status != bad_argument) return 2;  // the window is smaller
    if (ipc_call(to, 1, {word(mine), 0, PageTransfer::share}).status != bad_argument) return 3;
    if (ipc_call(to, 1, {word(mine), 1, PageTransfer{3}}).status != bad_argument) return 4;
    if (ipc_call(to, 1, {0, 1, PageTransfer::share}).status != bad_address) return 5;
    constexpr uint32_t not_ours[] = {0xC0400000, 0xF8800000, 0xFF800000, 0xFFFC0000, 0xFFFFF000};  // the kernel's, or nobody's
    for (uint32_t address : not_ours)
        for (uint32_t how = 0; how < 3; ++how)
            if (ipc_call(to, 1, {address, 1, PageTransfer{how}}).status != bad_address) return 8;
    mine[0] = 2;  // its second page is in no region: the first is shared, and is written on without a switch in between
    if (unmap(mine + page_words, page) != 0) return 6;
    if (ipc_call(to, 2, {word(mine), 2, PageTransfer::share}).status != bad_address || mine[0] != 2) return 9;
    mine[0] = 3;  // granted, the first comes back
    if (ipc_call(to, 3, {word(mine), 2, PageTransfer::grant}).status != bad_address || mine[0] != 3) return 7;
    static_cast<void>(ipc_call(to, 0));
    return wait(to);
}

// Its call waits, because the receiver does not: the pages go when that receives.
int sender(int32_t parent, uint32_t content, PageTransfer how) {
    uint32_t* const mine = words(map(page));
    mine[0] = content;
    const Message m = ipc_call(parent, 7, {word(mine), 1, how});
    return m.status == 0 && m.word == 8 && mine[0] == content ? 0 : 1;
}

int queued(uint32_t) {
    uint32_t* const window = words(map(page));
    const int32_t child = fork();
    if (child == 0) exit(sender(null_call(), 42, PageTransfer::share));
    for (int i = 0; i < 3; ++i) yield();
    if (ipc_window(window, 1) != 0) return 1;
    const Message m = ipc_receive();
    if (m.status != child || m.word != 7 || window[0] != 42) return 2;
    window[0] = 43;
    // The reply also waits for the next call: another child makes it.
    const int32_t last = fork();
    if (last == 0) exit(ipc_call(null_call(), 9).status == no_process ? 0 : 1);
    const Message next = ipc_reply(child, 8);
    if (next.status != last || next.word != 9) return 3;
    if (wait(child) != 0) return 4;
    return 0;  // the last child's call ends with an error, and so it ends well
}

// A copy comes into the window in place of a shared page that was read there, and nobody else runs in between: the page in the
// window becomes another without a fault.
int queued_copy(uint32_t) {
    uint32_t* const window = words(map(page));
    constexpr PageTransfer how[] = {PageTransfer::share, PageTransfer::copy};
    int32_t children[2];
    for (uint32_t i = 0; i < 2; ++i) {
        children[i] = fork();
        if (children[i] == 0) exit(sender(null_call(), 42 + i, how[i]));
    }
    for (int i = 0; i < 5; ++i) yield();
    if (ipc_window(window, 1) != 0) return 1;
    if (ipc_receive().status != children[0] || window[0] != 42) return 2;
    if (ipc_reply(children[0], 8).status != children[1] || window[0] != 43) return 3;
    return wait(children[0]);  // the other's call ends with an error when this process does
}

// What a victim does, by number; none of them ends by itself.
int linger(uint32_t how) {
    const int32_t parent = null_call();
    switch (how) {
    case 0: for (;;) yield();
    case 1: take(); break;
    case 2: ipc_receive(); break;
    case 3: ipc_call(parent, 1); break;
    case 4: sleep(1000000); break;
    case 5: static_cast<void>(wait(spawn("test-linger", 7))); break;
    case 6: for (;;) {}
    default: return sleep(20);  // ends by itself, for nobody kills it
    }
    return 1;
}

int kill_all(uint32_t) {
    if (kill(9999) != no_process || kill(0) != no_process) return 1;
    if (timer(1000) != 0) return 2;  // for the one that spins
    for (uint32_t how = 0; how <= 6; ++how) {
        const int32_t victim = spawn("test-linger", how);
        if (victim <= 0) return 3;
        for (int i = 0; i < 5; ++i) yield();
        if (kill(victim) != 0 || wait(victim) != killed_by_request) return static_cast<int>(10 + how);
    }
    timer(0);  // from here on the order of the calls matters
    // A call that waited in the receiver's queue is gone from it, and so is the process.
    const int32_t first = spawn("test-linger", 3), second = spawn("test-linger", 3), third = spawn("test-linger", 3);
    for (int i = 0; i < 5; ++i) yield();
    if (kill(second) != 0 || wait(second) != killed_by_request) return 4;
    if (ipc_receive().status != first || ipc_reply(first, 0).status != third) return 5;
    if (kill(third) != 0 || ipc_reply(third, 0).status != no_process) return 6;
    if (wait(first) != 1 || wait(third) != killed_by_request) return 7;
    const int32_t killer = fork();
    if (killer == 0) exit(kill(null_call()));
    for (;;) yield();  // until the child has killed this process
}

}  // namespace

extern "C" int program_test_page_receiver(uint32_t argument) { return receiver(argument); }
extern "C" int program_test_send_pages(uint32_t argument) { return send_pages(argument); }
extern "C" int program_test_queued_pages(uint32_t argument) { return queued(argument); }
extern "C" int program_test_queued_copy(uint32_t argument) { return queued_copy(argument); }
extern "C" int program_test_linger(uint32_t argument) { return linger(argument); }
extern "C" int program_test_kill(uint32_t argument) { return kill_all(argument); }

}  // namespace guest
