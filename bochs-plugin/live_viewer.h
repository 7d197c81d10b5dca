// SPDX-License-Identifier: LGPL-2.1-or-later
// One connection to a viewer, which may do anything: send nonsense, never read, vanish. Nothing here waits for it, and what is kept for it is
// bounded: one snapshot, a few errors, one unfinished request.
#pragma once

#include <stdint.h>

#include "live_request.h"

namespace plugin {

class LiveViewer {
public:
    static constexpr size_t longest_request = 256;   // bytes of a line
    static constexpr size_t longest_notices = 4096;  // of errors that wait to be sent
    static constexpr size_t most_heard = 4096;       // bytes that are read between two snapshots: a flood goes no faster

    // Owns the descriptor, a socket that does not block.
    LiveViewer(int descriptor, unsigned number, const LiveHello&);
    LiveViewer(const LiveViewer&) = delete;
    LiveViewer& operator=(const LiveViewer&) = delete;
    ~LiveViewer();

    int descriptor() const { return fd_; }
    bool gone() const { return gone_; }
    bool idle() const { return sent_ == output_.size(); }             // it has been sent all that there was
    bool listens() const { return !deaf_ && heard_ < most_heard; }    // its requests are wanted now
    bool exhausted() const { return !deaf_ && heard_ >= most_heard; }
    size_t kept() const { return output_.size(); }                    // bytes that are held for it
    const LiveOrder& order() const { return order_; }

    // Reads what it has said, as far as that goes.
    void hear(const LiveHello&);
    // What was ordered is on its way: it may say more.
    void ordered() { order_.inspect.reset(), heard_ = 0; }
    void refresh() { heard_ = 0; }
    void hang_up() { gone_ = true; }
    // Queues lines; sends as much as the socket takes.
    void say(const std::string& lines);
    void send();

private:
    void take_lines(const LiveHello&);
    void complain(const std::string& message);
    bool would_block(long result);

    int fd_;
    LiveOrder order_;
    std::string input_, output_;
    size_t sent_ = 0, heard_ = 0;
    bool gone_ = false, deaf_ = false, skipping_ = false;  // skipping: the rest of a line that is too long
};

}  // namespace plugin
