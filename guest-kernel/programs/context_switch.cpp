// SPDX-License-Identifier: LGPL-2.1-or-later
// A token passed round a ring of processes, each of which sums an array of its own first, as lmbench's lat_ctx.
//
//   hop h:  | arrives at member h mod N | sum | post to the next member | take: sleep | switch |  arrives ...
//
// One hop is one span instance: it begins where the token arrived and ends in another process, where it arrives next.
#include "guest-kernel/runtime/program.hpp"
#include "guest-kernel/workload/measure.hpp"
#include "guest-kernel/workload/spans.hpp"

namespace guest {
namespace {

struct Shape {
    Span span;
    uint32_t members, kibibytes;
};
constexpr Shape shapes[] = {
    {Span::ctx_2p_0k, 2, 0},     {Span::ctx_2p_16k, 2, 16}, {Span::ctx_2p_64k, 2, 64},
    {Span::ctx_2p_256k, 2, 256}, {Span::ctx_8p_0k, 8, 0},   {Span::ctx_8p_64k, 8, 64},
};
constexpr unsigned max_members = 8;

// What a member is told, in one word: its place, and who comes next (0: the parent, which is member 0).
struct Member {
    uint32_t next, shape, index, hops;  // 8, 4, 4 and 16 bits

    uint32_t packed() const { return next << 24 | shape << 20 | index << 16 | hops; }
    static Member unpack(uint32_t w) { return {w >> 24, w >> 20 & 15, w >> 16 & 15, w & 0xFFFF}; }
};

class Array final {
public:
    explicit Array(uint32_t kibibytes) : words_{kibibytes * 256} {
        if (words_ == 0) return;
        data_ = static_cast<uint32_t*>(map(words_ * 4));
        good_ = mapped(data_);
        for (uint32_t i = 0; good_ && i < words_; ++i) data_[i] = i, expected_ += i;
    }
    bool good() const { return good_; }

    bool sum() const {
        uint32_t sum = 0;
#pragma GCC unroll 16
        for (uint32_t i = 0; i < words_; ++i) sum += data_[i];
        return sum == expected_;
    }

private:
    uint32_t words_;
    uint32_t* data_ = nullptr;
    uint32_t expected_ = 0;
    bool good_ = true;
};

// Passes the token on until it has made all its hops, and one round more, so that no member ends inside a span.
bool pass_token(const Member& me, int32_t next) {
    const Shape& shape = shapes[me.shape];
    const Array array{shape.kibibytes};
    const uint32_t first = warm_up_iterations, end = first + me.hops, last = end + shape.members - 1;
    bool good = array.good();
    for (uint32_t hop = me.index; hop <= last; hop += shape.members) {
        if (hop != 0) good = take() == 0 && good;
        if (hop > first && hop <= end) span_end(shape.span);
        if (hop >= first && hop < end) span_begin(shape.span);
        good = array.sum() && good;
        if (hop != last) good = post(next) == 0 && good;
    }
    return good;
}

int main_member(uint32_t argument) {
    const Member me = Member::unpack(argument);
    const int32_t next = me.next != 0 ? static_cast<int32_t>(me.next) : null_call();
    return pass_token(me, next) ? 0 : 1;
}

// Spawned from the last member to the first, so that each can be told who comes next.
int main_ring(uint32_t argument) {
    const Order order = Order::unpack(argument);
    uint32_t shape = 0;
    while (shapes[shape].span != order.span) ++shape;
    const uint32_t members = shapes[shape].members;
    int32_t ids[max_members] = {};
    for (uint32_t index = members - 1; index > 0; --index) {
        const uint32_t next = index + 1 < members ? static_cast<uint32_t>(ids[index + 1]) : 0;
        ids[index] = spawn("ctx-member", Member{next, shape, index, order.iterations}.packed());
        if (ids[index] < 0) return 1;
        yield();  // it makes its array now and then waits for the token
    }
    bool good = pass_token({0, shape, 0, order.iterations}, ids[1]);
    for (uint32_t index = 1; index < members; ++index) good = wait(ids[index]) == 0 && good;
    return good ? 0 : 1;
}

}  // namespace

extern "C" int program_ctx_member(uint32_t argument) { return main_member(argument); }
extern "C" int program_ctx_ring(uint32_t argument) { return main_ring(argument); }

}  // namespace guest
