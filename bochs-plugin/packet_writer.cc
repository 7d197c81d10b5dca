// SPDX-License-Identifier: LGPL-2.1-or-later
// The two ends of the queue.
#include "packet_writer.h"

#include <signal.h>
#include <unistd.h>

namespace plugin {

// A new thread inherits the mask: signals are for the emulation, whose handler asks Bochs to stop.
void PacketWriter::start() {
    queue_ = std::make_unique<Queue>();
    for (auto& slot : queue_->slots) slot = std::make_unique<Packet>();
    process_ = getpid();
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (pthread_create(&thread_, nullptr, run, this) != 0) queue_.reset();
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void* PacketWriter::run(void* argument) {
    PacketWriter& writer = *static_cast<PacketWriter*>(argument);
    writer.write_until_finished(*writer.queue_);
    return nullptr;
}

bool PacketWriter::take(std::unique_ptr<Packet>& packet) {
    if (!queue_) return file_.take(packet);
    Queue& q = *queue_;
    std::unique_lock<std::mutex> lock{q.mutex};
    q.emptied.wait(lock, [&] { return q.taken - q.written < depth; });
    if (q.failed) return false;
    q.slots[q.taken++ % depth].swap(packet);
    lock.unlock();
    q.filled.notify_one();
    return true;
}

// After a failure the rest of the queue is dropped: the file takes nothing after a gap.
void PacketWriter::write_until_finished(Queue& q) {
    std::unique_lock<std::mutex> lock{q.mutex};
    for (;;) {
        q.filled.wait(lock, [&] { return q.taken != q.written || q.finishing; });
        if (q.taken == q.written) return;
        std::unique_ptr<Packet>& packet = q.slots[q.written % depth];  // the thread's own until `written` passes it
        const bool dropped = q.failed;
        lock.unlock();
        const bool done = !dropped && file_.take(packet);
        lock.lock();
        q.failed = !done;
        ++q.written;
        q.emptied.notify_one();
    }
}

// A child of fork() that ends by exit() comes here too. Its copy of the queue may be locked for ever, so that stays as it is.
bool PacketWriter::finish() {
    if (!queue_) return !file_.failed();
    if (process_ != getpid()) return static_cast<void>(queue_.release()), false;
    {
        const std::lock_guard<std::mutex> lock{queue_->mutex};
        queue_->finishing = true;
    }
    queue_->filled.notify_one();
    pthread_join(thread_, nullptr);
    const bool failed = queue_->failed;
    queue_.reset();
    return !failed;
}

}  // namespace plugin
