// SPDX-License-Identifier: LGPL-2.1-or-later
// Reading requests and sending lines, without ever waiting.
#include "live_viewer.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

namespace plugin {

LiveViewer::LiveViewer(int descriptor, unsigned number, const LiveHello& hello) : fd_{descriptor} {
    order_.viewer = number;
    say(to_line(hello));
}

LiveViewer::~LiveViewer() { close(fd_); }

// Whether a call that failed may be made again later; otherwise the viewer is gone.
bool LiveViewer::would_block(long result) {
    if (result > 0) return false;
    if (result < 0 && errno == EINTR) return true;
    if (result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return true;
    gone_ = true;
    return true;
}

// One that has closed its sending half alone is still shown what happens.
void LiveViewer::hear(const LiveHello& hello) {
    while (listens() && !gone_) {
        char bytes[512];
        const ssize_t count = recv(fd_, bytes, sizeof bytes, MSG_DONTWAIT);
        if (count == 0) return static_cast<void>(deaf_ = true);
        if (would_block(count)) return;
        heard_ += static_cast<size_t>(count);
        input_.append(bytes, static_cast<size_t>(count));
        take_lines(hello);
    }
}

void LiveViewer::take_lines(const LiveHello& hello) {
    size_t from = 0;
    for (size_t end; (end = input_.find('\n', from)) != std::string::npos; from = end + 1) {
        std::string line = input_.substr(from, end - from);
        if (!line.empty() && line.back() == '\r') line.pop_back();
        if (skipping_) skipping_ = false;
        else if (line.size() > longest_request) complain("a request has at most " + std::to_string(longest_request) + " bytes");
        else if (!line.empty()) complain(take_request(line, hello, order_));
    }
    input_.erase(0, from);
    if (input_.size() <= longest_request) return;
    if (!skipping_) complain("a request has at most " + std::to_string(longest_request) + " bytes");
    skipping_ = true;
    input_.clear();
}

void LiveViewer::complain(const std::string& message) {
    if (!message.empty() && output_.size() - sent_ < longest_notices) say(error_line(message));
}

void LiveViewer::say(const std::string& lines) {
    output_.erase(0, sent_), sent_ = 0;
    output_ += lines;
    send();
}

void LiveViewer::send() {
    while (!idle() && !gone_) {
        const ssize_t count = ::send(fd_, output_.data() + sent_, output_.size() - sent_, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (would_block(count)) return;
        sent_ += static_cast<size_t>(count);
    }
}

}  // namespace plugin
