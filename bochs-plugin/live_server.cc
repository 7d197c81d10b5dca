// SPDX-License-Identifier: LGPL-2.1-or-later
// The thread's loop, and the mailbox.
#include "live_server.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace plugin {

std::string LiveServer::open(const std::string& path, LiveHello hello) {
    hello_ = std::move(hello);
    if (const std::string error = socket_.listen(path); !error.empty()) return error;
    wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);  // signals are for the emulation
    const int failed = wake_ < 0 ? errno : pthread_create(&thread_, nullptr, run, this);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (failed == 0) return process_ = getpid(), "";
    socket_.close();
    return path + ": viewers cannot be served: " + strerror(failed);
}

LiveServer::~LiveServer() {
    finish({});
}

void LiveServer::wake() const {
    const uint64_t one = 1;
    static_cast<void>(!write(wake_, &one, sizeof one));  // full: it is awake anyway
}

// --- the emulation's side

std::optional<LiveServer::Wanted> LiveServer::take_orders() {
    const std::unique_lock<std::mutex> lock{mailbox_.mutex, std::try_to_lock};
    if (!lock) return std::nullopt;  // the next look will do
    wanted_.store(false, std::memory_order_relaxed);
    Wanted now{mailbox_.attached, {}};
    now.orders.swap(mailbox_.orders);
    return now;
}

void LiveServer::answer(std::vector<LiveSnapshot> snapshots) {
    {
        const std::lock_guard<std::mutex> lock{mailbox_.mutex};
        for (LiveSnapshot& s : snapshots) mailbox_.answers.push_back(std::move(s));
    }
    wake();
}

// A child of fork() has no thread, and its copy of the mailbox may be locked for ever.
void LiveServer::finish(const std::function<LiveSnapshot(const LiveOrder&)>& make) {
    if (process_ != getpid()) return;
    process_ = 0;
    {
        const std::lock_guard<std::mutex> lock{mailbox_.mutex};
        mailbox_.answers.clear();
        for (const LiveOrder& choice : mailbox_.choices) {
            if (!make) break;
            mailbox_.answers.push_back(make(choice));
            mailbox_.answers.back().viewer = choice.viewer, mailbox_.answers.back().last = true;
        }
        mailbox_.finishing = true;
    }
    wake();
    pthread_join(thread_, nullptr);
    viewers_.clear();
    socket_.close();
    close(wake_);
}

// --- the thread's

void* LiveServer::run(void* server) {
    static_cast<LiveServer*>(server)->serve();
    return nullptr;
}

void LiveServer::serve() {
    for (bool finishing = false; !finishing;) {
        wait(time_to_wait(Clock::now()));
        accept_all(Clock::now());
        viewers_.erase(std::remove_if(viewers_.begin(), viewers_.end(), [](const Served& s) { return s.viewer->gone(); }), viewers_.end());
        exchange(Clock::now());
        const std::lock_guard<std::mutex> lock{mailbox_.mutex};
        finishing = mailbox_.finishing && mailbox_.answers.empty();
    }
    say_goodbye();
}

// Milliseconds until a snapshot can be ordered, a flood be read again, or a connection be tried again; -1: until something happens.
int LiveServer::time_to_wait(Clock::time_point now) const {
    using std::chrono::milliseconds;
    milliseconds least{-1};
    const auto at_most = [&](milliseconds time) { least = least.count() < 0 ? time : std::min(least, time); };
    const auto until = [&](Clock::time_point then) { return std::max(milliseconds{0}, std::chrono::duration_cast<milliseconds>(then - now) + milliseconds{1}); };
    if (now < accept_from_) at_most(until(accept_from_));
    for (const Served& s : viewers_) {
        if (s.viewer->exhausted()) at_most(interval);
        if (s.viewer->idle() && !s.awaits) at_most(until(s.due));
    }
    return static_cast<int>(least.count());
}

void LiveServer::wait(int milliseconds) {
    const bool accepts = Clock::now() >= accept_from_;
    std::vector<pollfd> all{{wake_, POLLIN, 0}, {socket_.descriptor(), static_cast<short>(accepts ? POLLIN : 0), 0}};
    for (const Served& s : viewers_)
        all.push_back({s.viewer->descriptor(), static_cast<short>((s.viewer->listens() ? POLLIN : 0) | (s.viewer->idle() ? 0 : POLLOUT)), 0});
    poll(all.data(), all.size(), milliseconds);
    uint64_t ignored = 0;
    if (all[0].revents) static_cast<void>(!read(wake_, &ignored, sizeof ignored));
    const Clock::time_point now = Clock::now();
    for (size_t n = 0; n < viewers_.size(); ++n) {
        LiveViewer& viewer = *viewers_[n].viewer;
        const short happened = all[n + 2].revents;
        if (happened & POLLIN) viewer.hear(hello_);
        if (happened & POLLOUT) viewer.send();
        if (happened & (POLLHUP | POLLERR | POLLNVAL)) viewer.hang_up();
        if (viewer.exhausted() && now >= viewers_[n].due) viewer.refresh();
    }
}

// A connection that cannot be taken, for want of descriptors or memory, stays in the socket's queue: asking at once would ask for ever.
void LiveServer::accept_all(Clock::time_point now) {
    if (now < accept_from_) return;
    int descriptor = -1;
    for (; (descriptor = socket_.accept()) >= 0;) {
        if (viewers_.size() < most_viewers) {
            viewers_.push_back({std::make_unique<LiveViewer>(descriptor, next_number_++, hello_), Clock::now(), false});
            continue;
        }
        const std::string refusal = error_line("there are " + std::to_string(most_viewers) + " viewers already; close one of them");
        static_cast<void>(!::send(descriptor, refusal.data(), refusal.size(), MSG_DONTWAIT | MSG_NOSIGNAL));
        close(descriptor);
    }
    if (descriptor == LiveSocket::no_room) accept_from_ = now + accept_again;
}

// Answers out of the mailbox, orders into it.
void LiveServer::exchange(Clock::time_point now) {
    std::vector<LiveSnapshot> answers;
    std::vector<LiveOrder> orders;
    for (Served& s : viewers_) {
        if (s.awaits || !s.viewer->idle() || now < s.due) continue;
        orders.push_back(s.viewer->order());
        s.viewer->ordered();
        s.awaits = true, s.due = now + interval;
    }
    {
        const std::lock_guard<std::mutex> lock{mailbox_.mutex};
        answers.swap(mailbox_.answers);
        const bool attached = !viewers_.empty();
        if (attached != mailbox_.attached || !orders.empty()) wanted_.store(true, std::memory_order_relaxed);
        mailbox_.attached = attached;
        mailbox_.orders.insert(mailbox_.orders.end(), orders.begin(), orders.end());
        mailbox_.choices.clear();
        for (const Served& s : viewers_) mailbox_.choices.push_back(s.viewer->order());
    }
    for (const LiveSnapshot& s : answers) deliver(s);
}

void LiveServer::deliver(const LiveSnapshot& snapshot) {
    const auto found = std::find_if(viewers_.begin(), viewers_.end(), [&](const Served& s) { return s.viewer->order().viewer == snapshot.viewer; });
    if (found == viewers_.end()) return;
    found->awaits = false;
    std::string lines = to_line(snapshot);
    if (snapshot.inspection) lines += inspection_line(snapshot);
    if (snapshot.last) lines += end_line(snapshot);
    found->viewer->say(lines);
}

// The last snapshots go out to whoever reads.
void LiveServer::say_goodbye() {
    const Clock::time_point latest = Clock::now() + last_wait;
    for (;;) {
        std::vector<pollfd> waiting;
        for (const Served& s : viewers_)
            if (!s.viewer->idle() && !s.viewer->gone()) waiting.push_back({s.viewer->descriptor(), POLLOUT, 0});
        if (waiting.empty() || Clock::now() >= latest) return;
        if (poll(waiting.data(), waiting.size(), static_cast<int>(patience.count())) == 0) return;
        for (Served& s : viewers_) s.viewer->send();
    }
}

}  // namespace plugin
