// SPDX-License-Identifier: LGPL-2.1-or-later
// A trace directory as the viewer's source: finished, cut off, or still being recorded.
//
//   packets: | 0 | 1 | 2 | ... | k | ...        checkpoints: every so many packets, the state to go on from
//                        ^ moment                 seek: the last checkpoint before, then forward, event by event
//
// Memory is bounded: an index of packets, some hundred checkpoints (checkpoints.hpp), and the state twice: that of the moment, and
// one that runs ahead while nobody asks for anything (poll()), so that checkpoints are there when somebody seeks.
#pragma once

#include <filesystem>

#include "tools/view/checkpoints.hpp"
#include "tools/view/event_search.hpp"
#include "tools/view/source.hpp"

namespace tools::view {

class TraceSource final : public Source {
public:
    // The moment is the end of the recording; what leads to it is read when somebody asks. `profile`: empty for the recording's first. Throws Error if there is no such trace,
    // profile or CPU, or nothing of the trace can be read.
    explicit TraceSource(std::filesystem::path directory, const std::string& profile = "", unsigned cpu = 0);
    ~TraceSource() override;

    [[nodiscard]] Extent extent() const override { return {index_.first_tick(), index_.last_tick()}; }
    [[nodiscard]] bool live() const override;
    [[nodiscard]] bool can_seek() const override { return true; }
    bool poll() override;
    void seek(uint64_t tick) override;
    [[nodiscard]] uint64_t tick() const override { return tick_; }
    [[nodiscard]] double approach(std::chrono::milliseconds most) override;
    bool step(int direction) override;
    void advance(uint64_t ticks) override { seek(tick_ > UINT64_MAX - ticks ? UINT64_MAX : tick_ + ticks); }
    [[nodiscard]] std::vector<std::string> profiles() const override;
    void set_profile(const std::string& name) override;
    [[nodiscard]] std::vector<unsigned> cpus() const override { return cpus_; }
    void set_cpu(unsigned cpu) override;
    void set_filter(const std::string& words) override;
    [[nodiscard]] std::string damage() const override { return index_.damage(); }
    [[nodiscard]] const Snapshot& snapshot() override;
    [[nodiscard]] WalkInspection inspect(mm::VirtAddr address) override;

private:
    struct Opened;  // what depends on the profile, the CPU and what run.json says

    void open(const std::string& profile, unsigned cpu);
    void arrive();                        // at the moment, if nobody has asked for it so far
    [[nodiscard]] size_t aimed_packet() const { return aim_ ? aim_->packet : index_.packet_at(tick_); }
    void grow();
    void reopen();                        // at the same tick, or at the end
    void move_to(const Position& target);
    void read_to(const Position& target);
    void prepare(size_t packet);          // checkpoints, and who ran, up to the packet
    void run_ahead(size_t packet);        // one packet further, if there is one before this
    void damaged(const TraceError& e);
    [[nodiscard]] std::string note() const;

    const std::filesystem::path directory_;
    std::string profile_;
    unsigned cpu_;
    std::vector<unsigned> cpus_;
    PacketIndex index_;
    std::unique_ptr<Opened> opened_;
    Checkpoints checkpoints_;
    std::optional<Checkpoint> near_;      // at the start of the moment's packet
    DumpFilter filter_;
    bool has_filter_ = false;
    uint64_t tick_ = 0;
    std::optional<Position> aim_;         // the moment among those of tick_; none: the last
    std::filesystem::file_time_type run_written_{};
    Snapshot snapshot_;
    bool snapshot_is_current_ = false, arrived_ = false;
    bool references_known_ = false;       // nothing was walked so far: whether there are references is not known
};

}  // namespace tools::view
