// SPDX-License-Identifier: LGPL-2.1-or-later
// Ping-pong between two processes: a call with one word, and the reply with that word plus one.
#include "guest-kernel/runtime/program.hpp"
#include "guest-kernel/workload/measure.hpp"
#include "guest-kernel/workload/spans.hpp"

namespace guest {
namespace {

constexpr uint32_t stop = 0xFFFFFFFF;

// Answers until it is told to stop; that call gets no reply, but an error when this process is gone.
int main_server(uint32_t) {
    Message m = ipc_receive();
    while (m.status > 0 && m.word != stop) m = ipc_reply(m.status, m.word + 1);
    return m.status > 0 ? 0 : 1;
}

int main_client(uint32_t argument) {
    const Order order = Order::unpack(argument);
    const int32_t server = spawn("ipc-server", 0);
    if (server < 0) return 1;
    const bool measured = measure(order.span, order.iterations, [=](uint32_t i) {
        const Message m = ipc_call(server, i);
        return m.status == 0 && m.word == i + 1;
    });
    const bool stopped = ipc_call(server, stop).status == static_cast<int32_t>(Error::no_process);
    return wait(server) == 0 && measured && stopped ? 0 : 1;
}

}  // namespace

extern "C" int program_ipc_server(uint32_t argument) { return main_server(argument); }
extern "C" int program_ipc(uint32_t argument) { return main_client(argument); }

}  // namespace guest
