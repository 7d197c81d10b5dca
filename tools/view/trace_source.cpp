// SPDX-License-Identifier: LGPL-2.1-or-later
// Opens a recording, follows its growth, and goes to moments of it.
#include "tools/view/trace_source_opened.hpp"

#include <algorithm>

#include "tools/command_line.hpp"
#include "tools/profile_selection.hpp"
#include "tools/view/filter_words.hpp"

namespace tools::view {
namespace {

namespace trace = mm::trace;

// A column of the strips: a power of two of ticks, so that the recording has some thousand of them at most.
uint64_t strip_interval(const PacketIndex& index, bool growing) {
    uint64_t interval = growing ? uint64_t{1} << 20 : 16;
    while ((index.last_tick() - index.first_tick()) / interval >= 1024) interval *= 2;
    return interval;
}

}  // namespace

// References come before the walk that they lead to.
std::optional<bool> has_references(const PacketIndex& index, Stream& stream) {
    bool references = false, walked = false;
    try {
        for (size_t n = 0; n < index.size() && !walked && !references; ++n) {
            stream.go_to(index[n].place);
            const auto packet = stream.next_packet();
            if (!packet) break;
            stream.begin(*packet);
            while (!walked && !references && stream.read_event([&](uint64_t, const auto& e, const trace::State&) {
                       if constexpr (std::is_same_v<std::decay_t<decltype(e)>, trace::References>) references = true;
                       if constexpr (std::is_same_v<std::decay_t<decltype(e)>, trace::ModelWalk>) walked = true;
                   })) {}
        }
    } catch (const TraceError&) {}  // who reads the packet for its events tells it
    return references || walked ? std::optional{references} : std::nullopt;
}

TraceSource::TraceSource(std::filesystem::path directory, const std::string& profile, unsigned cpu) : directory_{std::move(directory)}, cpu_{cpu} {
    open(profile, cpu);
    if (index_.empty() && !live()) throw index_.damage().empty() ? InputError{opened_->file_now.name(), "no packet of it was written"} : InputError{"", index_.damage()};
    tick_ = index_.last_tick();
}
TraceSource::~TraceSource() = default;

// Leaves everything as it was if it throws.
void TraceSource::open(const std::string& profile, unsigned cpu) {
    Trace found{directory_};
    std::vector<unsigned> cpus;
    for (const Stream& s : found.streams()) cpus.push_back(s.cpu());
    if (std::find(cpus.begin(), cpus.end(), cpu) == cpus.end()) {
        std::vector<std::string> names;
        for (const unsigned n : cpus) names.push_back(std::to_string(n));
        throw InputError{directory_.string(), "CPU " + std::to_string(cpu) + " is not in this recording; it has " + join(names)};
    }
    const RunInfo& run = found.run();
    const std::string wanted = profile.empty() && !run.profiles.empty() ? run.profiles.front() : profile;
    const auto at = std::find(run.profiles.begin(), run.profiles.end(), wanted);
    if (!wanted.empty() && at == run.profiles.end())
        throw InputError{"profile '" + wanted + "'", "was not modelled in this recording; it has " + join(run.profiles)};
    std::optional<Profile> figures;
    if (!wanted.empty()) figures = profile_of(directory_, wanted);

    Stream& stream = *std::find_if(found.streams().begin(), found.streams().end(), [&](const Stream& s) { return s.cpu() == cpu; });
    PacketIndex index;
    index.extend(stream);
    const bool growing = !run.complete && run.reason == EndReason::running;
    const std::optional<bool> references = has_references(index, stream);
    const uint64_t interval = strip_interval(index, growing);
    index_ = std::move(index);
    opened_ = std::make_unique<Opened>(run, figures ? &*figures : nullptr, static_cast<unsigned>(at - run.profiles.begin()), references.value_or(false), interval, index_, stream.name(), cpu);
    profile_ = wanted, cpu_ = cpu, cpus_ = cpus;
    references_known_ = references.has_value();
    if (has_filter_) opened_->search.set_filter(filter_);
    checkpoints_.clear(), near_.reset();
    snapshot_is_current_ = false;
}

std::vector<std::string> TraceSource::profiles() const { return opened_->recording.run.profiles; }

void TraceSource::set_profile(const std::string& name) {
    if (name == profile_) return;
    if (!arrived_) return open(name, cpu_);
    const uint64_t tick = tick_;
    const Position at = opened_->now.at();
    open(name, cpu_);
    seek(tick), aim_ = at;
}

void TraceSource::set_cpu(unsigned cpu) {
    if (cpu == cpu_) return;
    const uint64_t tick = tick_;
    open(profile_, cpu);
    seek(tick);
}

void TraceSource::set_filter(const std::string& words) {
    const DumpFilter filter = parse_filter_words(words);
    opened_->search.set_filter(filter);
    filter_ = filter, has_filter_ = true;
}

// --- moments

void TraceSource::seek(uint64_t tick) {
    snapshot_is_current_ = arrived_ = false, aim_.reset();
    tick_ = index_.empty() ? 0 : std::clamp(tick, index_.first_tick(), index_.last_tick());
}

void TraceSource::arrive() {
    while (!arrived_) {
        snapshot_is_current_ = false;
        try {
            if (!index_.empty()) move_to(aim_ ? *aim_ : opened_->search.at_tick(index_.packet_at(tick_), tick_));
            arrived_ = true;
        } catch (const TraceError& e) {
            damaged(e);
        }
    }
}

double TraceSource::approach(std::chrono::milliseconds most) {
    const auto end = std::chrono::steady_clock::now() + most;
    try {
        while (!arrived_ && !index_.empty() && opened_->ahead.at().packet < aimed_packet()) {
            run_ahead(aimed_packet());
            if (std::chrono::steady_clock::now() < end) continue;
            if (const double share = static_cast<double>(opened_->ahead.at().packet) / static_cast<double>(aimed_packet()); share < 1) return share;
        }
    } catch (const TraceError& e) {
        damaged(e);
        return 0;
    }
    arrive();
    return 1;
}

bool TraceSource::step(int direction) {
    arrive();
    try {
        for (Position from = opened_->now.at(); from.packet < index_.size();) {
            if (opened_->search.needs_running()) prepare(from.packet);
            const auto found = direction > 0 ? opened_->search.next_in(from) : opened_->search.previous_in(from);
            if (found) {
                move_to(found->after), tick_ = found->tick;
                return true;
            }
            if (direction < 0 && from.packet == 0) return false;
            from = direction > 0 ? Position{from.packet + 1, 0} : Position{from.packet - 1, SIZE_MAX};
        }
    } catch (const TraceError& e) {
        damaged(e);
    }
    return false;
}

void TraceSource::run_ahead(size_t packet) {
    MomentReader& ahead = opened_->ahead;
    if (ahead.at().packet >= packet) return;
    ahead.read_to({ahead.at().packet + 1, 0});
    index_.note_running(ahead.at().packet, ahead.follower().running());
    if (checkpoints_.wants(ahead.at().packet)) checkpoints_.add(ahead.save());
}

void TraceSource::prepare(size_t packet) {
    while (opened_->ahead.at().packet < packet) run_ahead(packet);
}

void TraceSource::move_to(const Position& target) {
    snapshot_is_current_ = false;
    prepare(target.packet);
    MomentReader& now = opened_->now;
    const Checkpoint* best = checkpoints_.before(target);
    if (near_ && near_->at <= target && (!best || best->at < near_->at)) best = &*near_;
    if (now.at() > target || (best && best->at > now.at())) {
        if (best) now.restore(*best);
        else now.restart();
    }
    read_to(target);
}

void TraceSource::read_to(const Position& target) {
    MomentReader& now = opened_->now;
    if (now.at().packet < target.packet || now.at().events == 0) {
        now.read_to({target.packet, 0});
        if (!near_ || near_->at != now.at()) near_ = now.save();
    }
    now.read_to(target);
}

// What can be read is shown: the trace ends before the packet that is damaged.
void TraceSource::damaged(const TraceError& e) {
    index_.cut(index_.packet_at_offset(e.offset()), e.what());
    near_.reset(), checkpoints_.clear();
    opened_->now.restart(), opened_->ahead.restart();
    seek(tick_);
    if (index_.empty()) throw e;
}

}  // namespace tools::view
