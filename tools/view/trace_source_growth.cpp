// SPDX-License-Identifier: LGPL-2.1-or-later
// Takes what a recording that is being made has written since, and prepares checkpoints while nobody asks for anything.
#include <chrono>

#include "tools/view/trace_source_opened.hpp"

namespace tools::view {
namespace {

constexpr auto ahead_slice = std::chrono::milliseconds{4};  // of a poll(): a frame of the window has 16

// What of run.json decides what is counted, and whether more comes.
std::string essence(const RunInfo& r) {
    std::string text = r.complete ? "complete " : "";
    text += name(r.reason);
    for (const ZoneInfo& z : r.zones) text += '\n' + z.name + ' ' + std::to_string(z.start_pfn) + ' ' + std::to_string(z.end_pfn);
    for (const RegionInfo& z : r.regions) text += '\n' + z.name + ' ' + std::to_string(z.start) + ' ' + std::to_string(z.end);
    return text;
}

}  // namespace

bool TraceSource::live() const { return opened_->cut_off && opened_->recording.run.reason == EndReason::running; }

bool TraceSource::poll() {
    bool changed = false;
    if (live()) {
        const Extent before = extent();
        const size_t packets = index_.size();
        grow();
        changed = index_.size() != packets || extent().last != before.last || !live();
    }
    const auto end = std::chrono::steady_clock::now() + ahead_slice;
    try {
        while (opened_->ahead.at().packet + 1 < index_.size() && std::chrono::steady_clock::now() < end) run_ahead(index_.size() - 1);
    } catch (const TraceError& e) {
        damaged(e), changed = true;
    }
    return changed;
}

// What run.json says of zones and regions counts for the whole recording, as it does in `stat`: if that has changed, all is read again.
void TraceSource::grow() {
    std::error_code none;
    const auto written = std::filesystem::last_write_time(directory_ / hidden_directory / run_file, none);
    if (written != run_written_) {
        run_written_ = written;
        if (essence(read_run_info(directory_)) != essence(opened_->recording.run)) return reopen();
    }
    if (!opened_->file_search.grow()) return;
    opened_->file_now.grow(), opened_->file_ahead.grow();
    opened_->now.forget_packet(), opened_->ahead.forget_packet();
    index_.extend(opened_->file_search);
    if (references_known_) return;
    const std::optional<bool> references = has_references(index_, opened_->file_search);
    references_known_ = references.has_value();
    if (references.value_or(false)) reopen();
}

void TraceSource::reopen() {
    const bool at_end = tick_ >= extent().last;
    open(profile_, cpu_);
    seek(at_end ? UINT64_MAX : tick_);
}

}  // namespace tools::view
