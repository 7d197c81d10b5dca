// SPDX-License-Identifier: LGPL-2.1-or-later
// A ring-3 program that makes system calls at random, with arguments at and beyond every limit, until it ends or one of them
// ends it. It makes none by which it could wait for ever or change what is not its own.
#include "guest-kernel/runtime/program.hpp"

namespace guest {
namespace {

constexpr uint32_t calls = 300, area_pages = 16, page = 4096;
constexpr uint32_t near_disk_end = 0x01F00000;  // a MiB before the end of the disk's file

constexpr Call chosen[] = {
    Call::null,         Call::yield,        Call::map,         Call::map,       Call::unmap,          Call::unmap,
    Call::thread,       Call::fork,         Call::brk,         Call::brk,       Call::protect,        Call::protect,
    Call::read_buffer,  Call::write_buffer, Call::spawn,       Call::exec,      Call::wait,           Call::read_disk,
    Call::start_read,   Call::start_read,   Call::finish_read, Call::features,  Call::ipc_window,     Call::ipc_call_pages,
    Call::ipc_reply,    Call::ipc_reply_pages, Call::count_,
};
constexpr uint32_t choices = sizeof chosen / sizeof chosen[0];

class Random final {
public:
    explicit Random(uint32_t seed) : state_{seed * 2654435761u + 1} {}
    uint32_t below(uint32_t n) {
        state_ = state_ * 1664525 + 1013904223;  // Knuth's and Lewis' constants
        return (state_ >> 16) % n;
    }

private:
    uint32_t state_;
};

// An address in or near what the program has, a size around a limit, or a number.
uint32_t argument(Random& random, uint32_t area) {
    constexpr uint32_t limits[] = {0,          1,          2,          page - 1,   page,       page + 1,
                                   0x00400000, 0x01FFFFFF, 0x02000000, 0x40000000, 0x7FFFFFFF, 0x80000000,
                                   0xBFFFF000, 0xC0000000, 0xFEFFF000, 0xFF000000, 0xFFFFF000, 0xFFFFFFFF};
    switch (random.below(6)) {
    case 0: return limits[random.below(sizeof limits / sizeof limits[0])];
    case 1: return program_base + random.below(4) * page;
    case 2: return brk(0) + random.below(5) * page;
    case 3: return random.below(area_pages) * page;
    default: return area + random.below(area_pages + 1) * page - (random.below(8) == 0 ? 1 : 0);
    }
}

}  // namespace

extern "C" int program_test_random_calls(uint32_t seed) {
    Random random{seed};
    auto* const area = static_cast<volatile uint32_t*>(map(area_pages * page));
    if (!mapped(const_cast<uint32_t*>(area))) return 0;
    for (uint32_t i = 0; i < area_pages; i += 2) area[i * page / 4] = i;
    const uint32_t at = word(const_cast<uint32_t*>(area));
    for (uint32_t i = 0; i < calls; ++i) {
        const Call call = chosen[random.below(choices)];
        uint32_t a = argument(random, at);
        const uint32_t b = argument(random, at);
        uint32_t c = random.below(2) ? argument(random, at) : random.below(4);
        if (call == Call::fork && random.below(4) != 0) continue;        // or there would be too many
        if (call == Call::thread) a = random.below(2) ? 0 : 0xFFFFF000;  // in memory of its own it could run for ever
        if (call == Call::ipc_call_pages) a |= 0x10000;                  // there is nobody; others might never receive
        if (call == Call::read_disk && c < near_disk_end) c += near_disk_end;  // the whole file would take longer than all else
        system_call(call, a, b, c);
    }
    return 0;
}

}  // namespace guest
