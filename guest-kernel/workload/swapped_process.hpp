// SPDX-License-Identifier: LGPL-2.1-or-later
// A process that runs the program `swapped`, stopped wherever that waits for a token: its pages can leave then.
#pragma once

#include "guest-kernel/kernel/ipc.hpp"
#include "guest-kernel/kernel/scheduler.hpp"
#include "guest-kernel/workload/swapped_program.hpp"

namespace guest {

class SwappedProcess final {
public:
    explicit SwappedProcess(SwappedOrder order) : id_{spawn("swapped", order.packed())} { run(); }
    ~SwappedProcess() {
        while (id_ > 0) static_cast<void>(end());
    }
    SwappedProcess(const SwappedProcess&) = delete;
    SwappedProcess& operator=(const SwappedProcess&) = delete;

    // Whether it waits for a token.
    explicit operator bool() const { return process() && process()->state == State::taking; }

    // Gives it a token and lets it run to the next one that it waits for, or to its end.
    void go_on() {
        if (post_token(id_) == 0) run();
    }

    // Its exit status; one that waits still is let go first, as often as it takes.
    int32_t end() {
        for (run(); *this;) go_on();
        const int32_t status = wait(id_);
        id_ = 0;
        return status;
    }

    int32_t id() const { return id_; }
    AddressSpace& space() const { return *process()->space; }
    const SpaceOwner& owner() const { return process()->space; }

    // Its pages begin where mappings do: the program maps nothing else.
    mm::VirtAddr page(uint32_t index) const { return mm::VirtAddr{AddressSpace::first_mapping() + index * mm::page_size}; }

private:
    Process* process() const { return find_process(id_); }
    void run() {
        while (process() && process()->state != State::taking) yield_or_idle();
    }

    int32_t id_;
};

}  // namespace guest
