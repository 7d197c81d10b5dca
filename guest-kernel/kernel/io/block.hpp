// SPDX-License-Identifier: LGPL-2.1-or-later
// Block requests: pages of a device read into, or written from, page frames. Linux' struct bio and submit_bio.
//
//   request --submit--> [bounce in] --> device's queue --> interrupt --> [bounce out] --> complete: status, sleepers, callback
//
// A request names frames, never addresses: a frame need have no address in the kernel. What the device cannot reach is
// bounced (bounce.hpp). Whatever goes wrong is the request's status, and counted.
#pragma once

#include "guest-kernel/kernel/wait_queue.hpp"
#include "mm/addr.hpp"

namespace guest {

inline constexpr unsigned max_request_pages = 32;  // 256 sectors, what one ATA command moves (ATA/ATAPI-4, 8.27)
inline constexpr unsigned sectors_per_page = mm::page_size / 512;

enum class Direction : uint8_t { read, write };  // of the memory: a read fills it
enum class IoStatus : uint8_t { pending, done, no_device, bad_block, device_error, no_memory, count_ };

const char* name(IoStatus s);

struct BlockDevice;

struct BlockRequest {
    Direction direction = Direction::read;
    bool polled = false;                       // waited for by transfer() without interrupts
    uint32_t block = 0;                        // the first; blocks are as large as pages
    uint32_t pages = 0;                        // 1 to max_request_pages
    mm::Pfn frames[max_request_pages]{};       // they stay allocated until the request is complete
    void (*completed)(BlockRequest&) = nullptr;  // called last, often in an interrupt
    void* context = nullptr;

    IoStatus status = IoStatus::pending;
    WaitQueue sleepers{};

    // The layers below. `targets` is what the device is told: a frame itself, or the page that it is bounced through.
    BlockDevice* device = nullptr;
    BlockRequest* next = nullptr;
    mm::Pfn targets[max_request_pages]{};
};

// One way to a medium: two of them may lead to the same disk.
struct BlockDevice {
    const char* name = "";
    uint32_t blocks = 0;
    mm::Pfn reach{};  // it can address frames below this one
    void (*start)(BlockDevice&, BlockRequest&) = nullptr;  // queues the request; calls complete() when it is done
    void (*service)(BlockDevice&) = nullptr;               // does what an interrupt would; null: start() is synchronous
    void* driver = nullptr;
};

// Queues the request. It may be complete on return: if it was refused, or the device is synchronous.
void submit(BlockDevice& device, BlockRequest& request);

// Submits and sleeps, or polls, until it is complete.
IoStatus transfer(BlockDevice& device, BlockRequest& request);

// Shorthand for one page.
IoStatus transfer_page(BlockDevice& device, Direction direction, uint32_t block, mm::Pfn frame);

// For drivers: the request has ended.
void complete(BlockRequest& request, IoStatus status);

struct IoCounters {
    uint32_t requests, pages;
    uint32_t ended[static_cast<unsigned>(IoStatus::count_)];  // by status
};
const IoCounters& io_counters();

}  // namespace guest
