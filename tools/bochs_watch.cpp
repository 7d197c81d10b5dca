// SPDX-License-Identifier: LGPL-2.1-or-later
// Follows the streams that Bochs writes, for the progress line, and the clock, for the time limit.
#include "bochs_watch.hpp"

#include <signal.h>

#include <algorithm>
#include <chrono>
#include <fstream>

#include "interruption.hpp"
#include "mm/trace.hpp"

namespace tools {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds poll_interval{200};
constexpr std::chrono::seconds latest_start{10};
constexpr std::chrono::seconds grace{60};  // from SIGTERM to SIGKILL: time to write the last packet, on a busy machine too

// Reads the headers of the packets that a growing stream has so far.
class StreamFollower final {
public:
    explicit StreamFollower(const fs::path& file) : file_{file} {}
    void follow() {
        std::ifstream in{file_, std::ios::binary};
        mm::trace::PacketHeader h;
        while (in.seekg(static_cast<std::streamoff>(bytes_)) && in.read(reinterpret_cast<char*>(&h), sizeof h)) {
            if (h.magic != mm::trace::packet_magic || h.packet_bits < 8 * sizeof h) return;
            bytes_ += h.packet_bits / 8;
            ticks_ = h.end_ticks;
        }
    }
    [[nodiscard]] uint64_t ticks() const { return ticks_; }
    [[nodiscard]] uint64_t bytes() const { return bytes_; }

private:
    fs::path file_;
    uint64_t ticks_ = 0, bytes_ = 0;
};

}  // namespace

Stop watch(ChildProcess& bochs, const RecordOptions& o, const RecordProgress& progress, int& wait_status) {
    std::vector<StreamFollower> streams;
    for (unsigned cpu = 0; cpu < o.cpus; ++cpu) streams.emplace_back(o.output / ("cpu" + std::to_string(cpu)));
    const fs::path started = o.output / hidden_directory / run_file;
    auto start = Clock::now();
    const auto until = start + latest_start;
    bool runs = false;
    Stop stop = Stop::none;
    Clock::time_point stopped_at;
    for (;;) {
        if (const auto status = bochs.wait(runs ? poll_interval : poll_interval / 10)) return wait_status = *status, stop;
        uint64_t ticks = 0, bytes = 0;
        for (StreamFollower& stream : streams) stream.follow(), ticks = std::max(ticks, stream.ticks()), bytes += stream.bytes();
        progress(ticks, bytes);
        const auto now = Clock::now();
        // The time limit is the guest's: a busy host's delay before it does not count, unless nothing ever starts.
        if (!runs && (runs = fs::exists(started) || now >= until)) start = now;
        if (stop == Stop::none) {
            if (interrupted()) stop = Stop::interrupted;
            else if (runs && o.timeout > 0 && now - start >= std::chrono::duration<double>{o.timeout}) stop = Stop::timeout;
            if (stop != Stop::none) bochs.signal(SIGTERM), stopped_at = now;
        } else if (now - stopped_at > grace) {
            bochs.signal(SIGKILL);
        }
    }
}

}  // namespace tools
