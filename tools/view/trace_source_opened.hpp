// SPDX-License-Identifier: LGPL-2.1-or-later
// The part of a TraceSource that is made anew when the profile, the CPU, or what run.json says of the recording changes.
#pragma once

#include "tools/view/trace_source.hpp"

namespace tools::view {

// Whether the recording has references; none: nothing was walked so far.
[[nodiscard]] std::optional<bool> has_references(const PacketIndex& index, Stream& stream);

struct TraceSource::Opened {
    Opened(RunInfo run, const Profile* profile, unsigned number, bool references, uint64_t interval, PacketIndex& index, const std::filesystem::path& file, unsigned cpu)
        : recording{std::move(run), profile, number, references, interval}, cut_off{!recording.run.complete}, file_now{file, cpu, cut_off},
          file_ahead{file, cpu, cut_off}, file_search{file, cpu, cut_off}, now{recording, index, file_now}, ahead{recording, index, file_ahead},
          search{recording, index, file_search} {}

    Recording recording;
    bool cut_off;
    Stream file_now, file_ahead, file_search;
    MomentReader now, ahead;
    EventSearch search;
};

}  // namespace tools::view
