// SPDX-License-Identifier: LGPL-2.1-or-later
// Takes lines as they come, and hands over to the trace when no more can come.
#include "tools/view/live_source.hpp"

#include <algorithm>
#include <sstream>

#include "mm/tlb_name.hpp"
#include "tools/command_line.hpp"
#include "tools/error.hpp"
#include "tools/profile_selection.hpp"
#include "tools/shares.hpp"
#include "tools/text_table.hpp"
#include "tools/view/filter_words.hpp"
#include "tools/view/inspect.hpp"

namespace tools::view {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds patience{5000};   // with a recording that has not sent its first snapshot
constexpr unsigned lines_at_once = 64;   // of one poll(): a window has other things to do
constexpr uint64_t columns_a_second = 8; // of emulated time, some of which are one snapshot

}  // namespace

LiveSource::LiveSource(std::filesystem::path socket, OpenTrace open_trace, const std::string& profile, unsigned cpu)
    : socket_{std::move(socket)}, open_trace_{std::move(open_trace)}, connection_{std::make_unique<LiveConnection>(socket_)} {
    const auto latest = std::chrono::steady_clock::now() + patience;
    const auto take_until = [&](const auto& done) {
        while (!done() && !ended_) {
            const auto line = connection_->line(std::max(milliseconds{0}, std::chrono::duration_cast<milliseconds>(latest - std::chrono::steady_clock::now())));
            if (line) (void)take(*line);
            else if (!connection_->ended() && greeted_) return;  // the guest does nothing that is recorded
            else if (!connection_->ended()) throw InputError{socket_.string(), "says nothing: is it a recording that was made with --live, and does it run?"};
            else if (!greeted_) throw InputError{socket_.string(), "closed the connection without a word: is it a recording?"};
            else hand_over("its socket was closed");
        }
    };
    take_until([&] { return greeted_; });
    if (!profile.empty()) set_profile(profile);
    else if (!hello_.profiles.empty()) profile_ = hello_.profiles.front();
    if (cpu != 0) set_cpu(cpu);
    frame_.shown.live = true, frame_.shown.complete = false, frame_.shown.note = "nothing was told yet";
    // What was on its way before the choice was heard is of the first profile and CPU.
    take_until([&] { return has_frame_ && frame_.shown.cpu == cpu_ && frame_.shown.profile == profile_; });
}

std::vector<unsigned> LiveSource::cpus() const {
    std::vector<unsigned> all;
    for (unsigned n = 0; n < hello_.cpus; ++n) all.push_back(n);
    return all;
}

bool LiveSource::poll() {
    if (trace_) return trace_->poll();
    if (ended_) return false;
    bool changed = false;
    try {
        for (unsigned n = 0; n < lines_at_once && connection_; ++n) {
            const auto line = connection_->line();
            if (!line) break;
            changed |= take(*line);
        }
    } catch (const Error&) {
        hand_over("its socket told nonsense");
        throw;
    }
    if (connection_ && connection_->ended()) hand_over("its socket was closed"), changed = true;
    return changed;
}

// Whether there is something new to be seen.
bool LiveSource::take(const std::string& line) {
    LiveMessage message = parse_live_message(line, socket_.string());
    if (auto* const hello = std::get_if<LiveHello>(&message)) {
        if (hello->protocol != live_protocol)
            throw InputError{socket_.string(), "speaks version " + std::to_string(hello->protocol) + " of the live protocol, and this viewer version " + std::to_string(live_protocol)};
        if (hello->cpus == 0 || hello->cpus > 64) throw InputError{socket_.string(), "has no sensible number of CPUs"};
        hello_ = std::move(*hello), greeted_ = true;
        directory_ = hello_.directory;
        history_.emplace(std::max<uint64_t>(hello_.ips / columns_a_second, 1));
        return false;
    }
    if (!greeted_) {
        const auto* const complaint = std::get_if<LiveComplaint>(&message);
        throw InputError{socket_.string(), complaint ? complaint->message : "does not greet as a recording does"};
    }
    if (auto* const frame = std::get_if<LiveFrame>(&message)) {
        if (frame_.shown.profile != frame->shown.profile) load_figures(frame->shown.profile);
        if (frame->shown.task.empty()) frame->shown.task = address_space_name(address_space_of(frame->shown.registers));
        frame->shown.linear.root = address_space_of(frame->shown.registers), frame->shown.linear.split = split_line_of(frame->regions);
        history_->complete(*frame, figures_ ? &*figures_ : nullptr);
        if (!has_frame_) first_ = frame->shown.tick;
        frame->shown.note = "live: TLB contents are exact; walks are counted since tick " + grouped(frame->counted_since) +
                            (hello_.cpus > 1 ? " on all CPUs" : "") + (figures_ ? ", their cycles as if every entry was in the nearest cache" : ", their cycles are not known");
        if (!frame->recording) frame->shown.note = frame->last ? "the recording has ended" : "the recording has not started yet";
        frame_ = std::move(*frame), has_frame_ = true;
        return true;
    }
    if (auto* const walk = std::get_if<LiveWalk>(&message)) {
        if (walk->cpu != cpu_) return false;  // asked before another was chosen
        walk_ = std::move(*walk);
        if (asked_ && walk_->linear == asked_->raw) asking_ = false, told_ = true;
        return true;
    }
    if (const auto* const complaint = std::get_if<LiveComplaint>(&message)) throw InputError{socket_.string(), complaint->message};
    if (std::get_if<LiveEnd>(&message)) return hand_over("it is finished"), true;
    return false;
}

// What the guest has published so far.
Recording LiveSource::recording_of(const LiveFrame& frame) const {
    RunInfo run;
    run.zones = frame.zones, run.regions = frame.regions, run.profiles = hello_.profiles;
    return {run, figures_ ? &*figures_ : nullptr, 0, false, 1};
}

// The figures that were kept with the trace.
void LiveSource::load_figures(const std::string& profile) {
    figures_.reset();
    try {
        figures_ = profile_of(directory_, profile);
    } catch (const std::exception&) {}  // snapshots say that cycles are not known
}

void LiveSource::hand_over(const std::string& why) {
    connection_.reset();
    ended_ = true, frame_.shown.live = false;
    frame_.shown.note = "the recording has ended: " + why;
    if (!open_trace_) return;
    try {
        trace_ = open_trace_(directory_, profile_, cpu_);
        if (!filter_.empty()) trace_->set_filter(filter_);
    } catch (const std::exception& e) {
        frame_.shown.note += "; its trace cannot be shown: " + std::string{e.what()};
    }
}

void LiveSource::seek(uint64_t tick) {
    if (trace_) trace_->seek(tick);
}

void LiveSource::advance(uint64_t ticks) {
    if (trace_) trace_->advance(ticks);
}

void LiveSource::set_profile(const std::string& name) {
    if (trace_) trace_->set_profile(name);
    else if (std::find(hello_.profiles.begin(), hello_.profiles.end(), name) == hello_.profiles.end())
        throw InputError{"profile '" + name + "'", "was not modelled in this recording; it has " + join(hello_.profiles)};
    profile_ = name;
    if (connection_) connection_->say("profile " + name);
}

void LiveSource::set_cpu(unsigned cpu) {
    if (trace_) trace_->set_cpu(cpu);
    else if (cpu >= hello_.cpus) throw InputError{"CPU " + std::to_string(cpu), "is not in this recording; it has " + std::to_string(hello_.cpus) + ", from 0"};
    if (cpu != cpu_) walk_.reset(), asked_.reset(), asking_ = told_ = false;
    cpu_ = cpu;
    if (connection_) connection_->say("cpu " + std::to_string(cpu));
}

void LiveSource::set_filter(const std::string& words) {
    if (trace_) trace_->set_filter(words);
    else (void)parse_filter_words(words);
    filter_ = words;
}

void LiveSource::ask(mm::VirtAddr address) {
    if (!connection_ || (asked_ == address && (asking_ || told_))) return;
    std::ostringstream request;
    request << "inspect 0x" << std::hex << address.raw;
    connection_->say(request.str());
    asked_ = address, asking_ = true;
}

WalkInspection LiveSource::inspect(mm::VirtAddr address) {
    if (trace_) return trace_->inspect(address);
    ask(address);
    told_ = false;
    const LiveWalk* const told = walk_ && walk_->linear == address.raw ? &*walk_ : nullptr;
    const std::vector<LiveWalk::Step> steps = told ? told->steps : std::vector<LiveWalk::Step>{};
    KnownEntries entries;
    for (const LiveWalk::Step& s : steps)
        if (!s.in_register) entries.learn(s.at, s.value, told->tick);
    WalkInspection w = inspect_address(address, told ? told->registers : frame_.shown.registers, entries, recording_of(frame_), frame_.shown.tlbs);
    w.tick = told ? told->tick : frame_.shown.tick, w.cached_exact = true, w.pending = connection_ && !told;
    for (InspectedEntry& e : w.entries) {
        if (!e.value) e.note = connection_ ? "asked for, and not answered yet" : "not known: the recording has ended";
        for (const LiveWalk::Step& s : steps)
            if (!s.in_register && e.at == s.at) e.changed = s.changed, e.unchanged_since = s.unchanged_since;
    }
    if (told) w.cached = told->cached;
    for (CachedTranslation& c : w.cached) {
        if (!told) c.when = CachedWhen::not_known;  // a snapshot has no dates
        c.agrees = c.tlb == mm::pde_cache_name || !w.mapped || c.frame == w.frame;
    }
    return w;
}

}  // namespace tools::view
