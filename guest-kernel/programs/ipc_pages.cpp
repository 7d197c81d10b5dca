// SPDX-License-Identifier: LGPL-2.1-or-later
// A call that carries 16 KiB to another process, which reads a word of each page and replies: copied by the kernel, mapped
// at both ends, or granted, in which case the reply grants the pages back.
#include "guest-kernel/runtime/program.hpp"
#include "guest-kernel/workload/measure.hpp"
#include "guest-kernel/workload/spans.hpp"

namespace guest {
namespace {

constexpr uint32_t pages = 4, page_bytes = 4096, page_words = page_bytes / 4;
constexpr uint32_t stop = 0xFFFFFFFF;

PageTransfer way(Span span) {
    return span == Span::ipc_copy ? PageTransfer::copy : span == Span::ipc_map ? PageTransfer::share : PageTransfer::grant;
}

uint32_t sum_of_first_words(const volatile uint32_t* area) {
    uint32_t sum = 0;
    for (uint32_t page = 0; page < pages; ++page) sum += area[page * page_words];
    return sum;
}

// Answers with the sum until it is told to stop; that call gets no reply, but an error when this process is gone.
int main_server(uint32_t span) {
    auto* const window = static_cast<volatile uint32_t*>(map(pages * page_bytes));
    const uint32_t at = word(const_cast<uint32_t*>(window));
    if (ipc_window(const_cast<uint32_t*>(window), pages) != 0) return 1;
    const bool give_back = way(Span{static_cast<uint16_t>(span)}) == PageTransfer::grant;
    Message m = ipc_receive();
    while (m.status > 0 && m.word != stop) {
        const uint32_t sum = sum_of_first_words(window);
        m = give_back ? ipc_reply(m.status, sum, {at, pages, PageTransfer::grant}) : ipc_reply(m.status, sum);
    }
    return m.status > 0 ? 0 : 1;
}

int main_client(uint32_t argument) {
    const Order order = Order::unpack(argument);
    const int32_t server = spawn("ipc-pages-server", static_cast<uint32_t>(order.span));
    auto* const area = static_cast<uint32_t*>(map(pages * page_bytes));
    if (server < 0 || !mapped(area)) return 1;
    uint32_t expected = 0;
    for (uint32_t page = 0; page < pages; ++page) expected += area[page * page_words] = page * 1000 + 7;
    if (ipc_window(area, pages) != 0) return 2;
    const PageMessage message{word(area), pages, way(order.span)};
    const bool measured = measure(order.span, order.iterations, [=](uint32_t i) {
        const Message m = ipc_call(server, i, message);
        return m.status == 0 && m.word == expected;
    });
    const bool stopped = ipc_call(server, stop).status == static_cast<int32_t>(Error::no_process);
    return wait(server) == 0 && measured && stopped && sum_of_first_words(area) == expected ? 0 : 1;
}

}  // namespace

extern "C" int program_ipc_pages_server(uint32_t argument) { return main_server(argument); }
extern "C" int program_ipc_pages(uint32_t argument) { return main_client(argument); }

}  // namespace guest
