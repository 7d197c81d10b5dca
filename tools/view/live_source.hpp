// SPDX-License-Identifier: LGPL-2.1-or-later
// A recording that is going on, as the viewer's source: the latest snapshot that its socket has told. When the recording has ended, the
// trace that it has made is the source.
//
//   socket --lines--> LiveFrame --LiveHistory--> Snapshot          end of the socket --> the trace directory that it named
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "tools/view/live_connection.hpp"
#include "tools/view/live_history.hpp"
#include "tools/view/recording.hpp"
#include "tools/view/source.hpp"

namespace tools::view {

class LiveSource final : public Source {
public:
    // Opens a finished trace, with a profile and a CPU.
    using OpenTrace = std::function<std::unique_ptr<Source>(const std::filesystem::path& directory, const std::string& profile, unsigned cpu)>;

    // Waits some seconds for the first snapshot. `profile`: empty for the recording's first. Throws InputError if nobody serves viewers
    // there, or something else than a recording does, or if it has not got the profile or the CPU.
    LiveSource(std::filesystem::path socket, OpenTrace open_trace, const std::string& profile = "", unsigned cpu = 0);

    [[nodiscard]] Extent extent() const override { return trace_ ? trace_->extent() : Extent{first_, frame_.shown.tick}; }
    [[nodiscard]] bool live() const override { return trace_ ? trace_->live() : !ended_; }
    [[nodiscard]] bool can_seek() const override { return trace_ && trace_->can_seek(); }
    // What comes that is no such protocol ends the connection, with an InputError once.
    bool poll() override;
    void seek(uint64_t tick) override;
    [[nodiscard]] uint64_t tick() const override { return trace_ ? trace_->tick() : frame_.shown.tick; }
    [[nodiscard]] double approach(std::chrono::milliseconds most) override { return trace_ ? trace_->approach(most) : 1; }
    bool step(int direction) override { return trace_ && trace_->step(direction); }
    void advance(uint64_t ticks) override;
    [[nodiscard]] std::vector<std::string> profiles() const override { return hello_.profiles; }
    void set_profile(const std::string& name) override;
    [[nodiscard]] std::vector<unsigned> cpus() const override;
    void set_cpu(unsigned cpu) override;
    // Kept for the trace: a live recording tells no single events.
    void set_filter(const std::string& words) override;
    [[nodiscard]] std::string damage() const override { return trace_ ? trace_->damage() : std::string{}; }
    [[nodiscard]] const Snapshot& snapshot() override { return trace_ ? trace_->snapshot() : frame_.shown; }
    // Answers with what the recording has said last of this address, `pending` if that is nothing yet; and asks it again, unless a question
    // is under way, or an answer has come that nobody has taken.
    [[nodiscard]] WalkInspection inspect(mm::VirtAddr address) override;

    [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }  // of the trace

private:
    bool take(const std::string& line);
    void hand_over(const std::string& why);
    void load_figures(const std::string& profile);
    [[nodiscard]] Recording recording_of(const LiveFrame& frame) const;
    void ask(mm::VirtAddr address);

    std::filesystem::path socket_, directory_;
    OpenTrace open_trace_;
    std::unique_ptr<LiveConnection> connection_;  // null when it has ended
    std::unique_ptr<Source> trace_;               // afterwards
    LiveHello hello_;
    LiveFrame frame_;
    std::optional<LiveHistory> history_;
    std::optional<Profile> figures_;              // of the shown profile
    std::optional<LiveWalk> walk_;                // the latest answer
    std::optional<mm::VirtAddr> asked_;           // the latest question
    bool asking_ = false, told_ = false;          // whether its answer has not come; whether it has not been taken
    std::string profile_, filter_;                // as chosen
    unsigned cpu_ = 0;
    uint64_t first_ = 0;
    bool greeted_ = false, has_frame_ = false, ended_ = false;
};

}  // namespace tools::view
