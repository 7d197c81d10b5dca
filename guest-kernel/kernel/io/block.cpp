// SPDX-License-Identifier: LGPL-2.1-or-later
// The way of a request from its submitter to the device's driver and back.
#include "guest-kernel/kernel/io/block.hpp"

#include "guest-kernel/kernel/io/bounce.hpp"
#include "guest-kernel/mm/require.hpp"

namespace guest {
namespace {

IoCounters counters{};

bool on_device(const BlockDevice& d, const BlockRequest& r) {
    return r.pages != 0 && r.pages <= max_request_pages && r.block < d.blocks && r.pages <= d.blocks - r.block;
}

void end(BlockRequest& r, IoStatus status) {
    ++counters.ended[static_cast<unsigned>(status)];
    r.status = status;
    wake_all(r.sleepers);
    if (r.completed) r.completed(r);
}

}  // namespace

const char* name(IoStatus s) {
    constexpr const char* names[] = {"pending", "done", "no such device", "no such block", "device error", "no memory"};
    static_assert(sizeof names / sizeof names[0] == static_cast<unsigned>(IoStatus::count_));
    return names[static_cast<unsigned>(s)];
}

void submit(BlockDevice& device, BlockRequest& request) {
    request.device = &device;
    request.status = IoStatus::pending;
    ++counters.requests;
    if (!on_device(device, request)) return end(request, IoStatus::bad_block);
    counters.pages += request.pages;
    if (!begin_bounce(request, device.reach)) return end(request, IoStatus::no_memory);
    device.start(device, request);
}

void complete(BlockRequest& request, IoStatus status) {
    end_bounce(request, status == IoStatus::done);
    end(request, status);
}

IoStatus transfer(BlockDevice& device, BlockRequest& request) {
    submit(device, request);
    while (request.status == IoStatus::pending) {
        if (request.polled) device.service(device);
        else sleep(request.sleepers);
    }
    return request.status;
}

IoStatus transfer_page(BlockDevice& device, Direction direction, uint32_t block, mm::Pfn frame) {
    BlockRequest r;
    r.direction = direction;
    r.block = block;
    r.pages = 1;
    r.frames[0] = frame;
    return transfer(device, r);
}

const IoCounters& io_counters() { return counters; }

}  // namespace guest
