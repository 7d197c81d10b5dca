// SPDX-License-Identifier: LGPL-2.1-or-later
// Serves viewers over a socket, in a thread of its own, so that no viewer can make the emulation wait.
//
//   emulation: wanted()? take_orders() ... answer() -->[mailbox]--> thread: poll() --> JSON --> viewers
//                        <-- orders, 20 a second at most --[mailbox]<-- thread
//
// With no viewer the thread sleeps in poll(), and the emulation reads one flag at each look. A viewer that has not read its last snapshot is
// given no other: snapshots are never queued.
#pragma once

#include <pthread.h>
#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>

#include "live_socket.h"
#include "live_viewer.h"

namespace plugin {

class LiveServer {
public:
    static constexpr unsigned most_viewers = 4;
    static constexpr std::chrono::milliseconds interval{50};   // between two snapshots for a viewer
    static constexpr std::chrono::milliseconds patience{300};  // at the end, with a viewer that reads nothing
    static constexpr std::chrono::seconds last_wait{2};        // at the end, with all together
    static constexpr std::chrono::milliseconds accept_again{250};  // where the host has no room for one more viewer

    LiveServer() = default;
    LiveServer(const LiveServer&) = delete;
    LiveServer& operator=(const LiveServer&) = delete;
    ~LiveServer();

    // Makes the socket and begins the thread. Returns what is wrong, or an empty string.
    [[nodiscard]] std::string open(const std::string& path, LiveHello hello);

    // The emulation's side. Whether something has to be done: orders, or viewers have come or gone.
    bool wanted() const { return wanted_.load(std::memory_order_relaxed); }
    struct Wanted {
        bool attached = false;          // whether there is any viewer
        std::vector<LiveOrder> orders;  // each to be answered once
    };
    std::optional<Wanted> take_orders();  // nothing: not now
    void answer(std::vector<LiveSnapshot>);
    // The recording has ended: every viewer gets make(what it wants), which is the last, or nothing without `make`, and the socket goes.
    void finish(const std::function<LiveSnapshot(const LiveOrder&)>& make);

private:
    using Clock = std::chrono::steady_clock;
    // What only the thread touches of a viewer.
    struct Served {
        std::unique_ptr<LiveViewer> viewer;
        Clock::time_point due;          // of its next snapshot
        bool awaits = false;            // an order is not answered yet
    };

    static void* run(void* server);
    void serve();
    int time_to_wait(Clock::time_point now) const;
    void wait(int milliseconds);
    void accept_all(Clock::time_point now);
    void exchange(Clock::time_point now);
    void deliver(const LiveSnapshot&);
    void say_goodbye();
    void wake() const;

    LiveSocket socket_;
    LiveHello hello_;
    int wake_ = -1;                     // an eventfd that ends the thread's poll()
    pthread_t thread_{};
    pid_t process_ = 0;                 // that has the thread; a child of fork() has not; 0: no thread

    std::atomic<bool> wanted_{false};
    struct {
        std::mutex mutex;               // guards all of it
        bool attached = false, finishing = false;
        std::vector<LiveOrder> orders;  // not taken yet
        std::vector<LiveOrder> choices; // of every viewer
        std::vector<LiveSnapshot> answers;
    } mailbox_;

    std::vector<Served> viewers_;       // the thread's, as all below
    Clock::time_point accept_from_{};   // who waits to be served is left to wait until then
    unsigned next_number_ = 0;
};

}  // namespace plugin
