// SPDX-License-Identifier: LGPL-2.1-or-later
// Writes packets to a file in a thread of its own, so that the emulation does not wait for the file system.
//
//   emulation: take() --> [packet][packet][packet][     ] --> writer: one write() for each, in order
//                     <-- used packets come back by the same slots
//
// Every packet is written or the recording has failed: a full queue makes take() wait. Between start() and finish() the file
// belongs to the thread, except for its error once take() or finish() has returned false.
#pragma once

#include <pthread.h>
#include <sys/types.h>

#include <condition_variable>
#include <mutex>

#include "trace_file.h"

namespace plugin {

class PacketWriter final : public PacketSink {
public:
    static constexpr size_t depth = 8;  // packets that a kill may lose: 512 KiB

    explicit PacketWriter(TraceFile& file) : file_{file} {}
    PacketWriter(const PacketWriter&) = delete;
    PacketWriter& operator=(const PacketWriter&) = delete;
    ~PacketWriter() override { static_cast<void>(finish()); }

    // Begins the thread, which takes no signals. Without it, as when the system gives no thread, take() writes itself.
    void start();

    [[nodiscard]] bool take(std::unique_ptr<Packet>&) override;

    // Writes what is queued and ends the thread. Returns whether every packet has been written. May be called again.
    [[nodiscard]] bool finish();

private:
    struct Queue {
        std::mutex mutex;  // guards all of it
        std::condition_variable filled, emptied;
        std::unique_ptr<Packet> slots[depth];
        size_t taken = 0, written = 0;  // packets so far; packet n lies in slot n % depth
        bool finishing = false, failed = false;
    };

    static void* run(void* writer);
    void write_until_finished(Queue&);

    TraceFile& file_;
    std::unique_ptr<Queue> queue_;  // null: there is no thread
    pthread_t thread_{};
    pid_t process_ = 0;             // that has the thread; a child of fork() has not
};

}  // namespace plugin
