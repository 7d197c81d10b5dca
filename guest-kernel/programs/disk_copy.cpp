// SPDX-License-Identifier: LGPL-2.1-or-later
// disk-copy: 128 KiB read from the disk's file and written to another place of it, through the page cache.
#include "guest-kernel/runtime/program.hpp"
#include "guest-kernel/workload/measure.hpp"
#include "guest-kernel/workload/spans.hpp"

namespace guest {
namespace {

constexpr uint32_t chunk = 128 * 1024;
constexpr uint32_t target = 0x1F00000;  // in the file's last MiB; the workload renumbers it afterwards

int main_disk_copy(uint32_t argument) {
    const Order order = Order::unpack(argument);
    auto* const buffer = static_cast<uint32_t*>(map(chunk));
    if (!mapped(buffer)) return 1;
    const auto bytes = static_cast<int32_t>(chunk);
    const auto once = [=](uint32_t i) {
        return read_disk(buffer, chunk, i * chunk) == bytes && write_disk(buffer, chunk, target) == bytes && sync_disk() == 0;
    };
    if (!measure(order.span, order.iterations, once)) return 2;
    const uint32_t last = order.iterations + warm_up_iterations - 1;
    if (read_disk(buffer, chunk, target) != bytes) return 3;
    for (uint32_t page = 0; page < chunk / 4096; ++page)
        if (buffer[page * 1024] != last * (chunk / 4096) + page) return 4;
    return 0;
}

}  // namespace

extern "C" int program_disk_copy(uint32_t argument) { return main_disk_copy(argument); }

}  // namespace guest
