// SPDX-License-Identifier: LGPL-2.1-or-later
// The viewer's moments: seeking, stepping, playing, following a recording that is being made.
#include "viewer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "charts_panel.hpp"
#include "inspector_panel.hpp"
#include "linear_panel.hpp"
#include "memory_panel.hpp"
#include "number_text.hpp"
#include "tlb_panel.hpp"
#include "tools/error.hpp"

namespace tools::view {

Viewer::Viewer(Source& source, std::string name) : source_{source}, name_{std::move(name)} {
    panels_ = {std::make_unique<MemoryPanel>(), std::make_unique<LinearPanel>(), std::make_unique<TlbPanel>(), std::make_unique<ChartsPanel>(), std::make_unique<InspectorPanel>()};
    playing_ = source_.live();
    flashes_.set_fading(playing_, 0);
    choose_speed();
    refresh(Change::jump);
}

Viewer::~Viewer() = default;

// The whole recording in about a minute, in a round number of ticks.
void Viewer::choose_speed() {
    const Extent extent = source_.extent();
    ticks_per_second_ = nice_step(std::max(1.0, static_cast<double>(extent.last - extent.first)), 50);
}

template <class Action>
bool Viewer::guarded(Action action) {
    try {
        action();
        return true;
    } catch (const Error& e) {
        say(e.what());
        return false;
    }
}

void Viewer::refresh(Change change) {
    reading_ = 1;  // if it cannot go on, what there is is shown
    guarded([&] { reading_ = source_.approach(std::chrono::milliseconds{reading_milliseconds}); });
    changed_ = true;
    if (reading()) return;
    guarded([&] {
        now_ = source_.snapshot();
        if (selected_) inspection_ = source_.inspect(mm::VirtAddr{*selected_});
    });
    change == Change::jump || !shows_moment_ ? flashes_.jump(now_, milliseconds_) : flashes_.follow(now_, milliseconds_);
    shows_moment_ = true;
    take_owed_steps();
}

void Viewer::seek(uint64_t tick) {
    if (!source_.can_seek()) return say("This source shows only the latest moment.");
    owed_steps_ = 0;
    guarded([&] { source_.seek(tick); });
    refresh(Change::jump);
}

// From the moment that was chosen last, reached or not: several in a row add up.
void Viewer::seek_by(double share) {
    if (!source_.can_seek()) return say("This source shows only the latest moment.");
    const Extent extent = source_.extent();
    const double by = std::max(1.0, std::abs(share) * static_cast<double>(extent.last - extent.first));
    const double to = static_cast<double>(source_.tick()) + (share < 0 ? -by : by);
    set_playing(false);
    seek(to <= static_cast<double>(extent.first) ? extent.first : to >= static_cast<double>(extent.last) ? extent.last : static_cast<uint64_t>(to));
}

void Viewer::step(int direction) {
    if (!source_.can_seek()) return say("This source shows only the latest moment.");
    set_playing(false);
    if (reading()) {
        owed_steps_ += direction;
        return say(owed_steps_text());
    }
    bool moved = false;
    if (!guarded([&] { moved = source_.step(direction); })) return;
    if (!moved) return say(filter_.empty() ? (direction > 0 ? "This is the last event." : "This is the first event.") : "No further event passes the filter.");
    refresh(direction > 0 ? Change::follow : Change::jump);
}

std::string Viewer::owed_steps_text() const {
    const int steps = std::abs(owed_steps_);
    if (steps == 0) return "The recording is still being read; no step follows.";
    return std::to_string(steps) + (steps == 1 ? " step " : " steps ") + (owed_steps_ > 0 ? "onward " : "back ") + (steps == 1 ? "follows" : "follow")
           + " when the recording is read up to there.";
}

void Viewer::take_owed_steps() {
    const int steps = std::exchange(owed_steps_, 0);
    for (int n = 0; n < std::abs(steps); ++n) step(steps > 0 ? 1 : -1);
}

void Viewer::set_playing(bool playing) {
    if (playing && !source_.live() && source_.can_seek() && now_.tick >= source_.extent().last) seek(source_.extent().first);
    if (playing != playing_) flashes_.set_fading(playing, milliseconds_);
    playing_ = playing;
    owed_ticks_ = 0;
    if (playing) owed_steps_ = 0;
    changed_ = true;
    if (playing && source_.live()) refresh(Change::jump);
}

void Viewer::play(uint64_t passed) {
    owed_ticks_ += ticks_per_second_ * static_cast<double>(passed) / 1000;
    const auto ticks = static_cast<uint64_t>(owed_ticks_);
    if (ticks == 0) return;
    owed_ticks_ -= static_cast<double>(ticks);
    const bool going = guarded([&] { source_.advance(ticks); });
    refresh(Change::follow);
    if (!going || now_.tick >= source_.extent().last) set_playing(false);
}

void Viewer::follow_news() {
    const bool was_live = source_.live();
    bool news = false;
    guarded([&] { news = source_.poll(); });
    if (news && playing_) {
        if (source_.can_seek()) guarded([&] { source_.seek(source_.extent().last); });
        refresh(Change::follow);
    }
    // What is frozen stands still, but for the answer to what was asked since.
    if (news && !playing_ && waits_for_answer()) guarded([&] { inspection_ = source_.inspect(mm::VirtAddr{*selected_}); });
    if (news) changed_ = true;
    if (!was_live || source_.live()) return;
    set_playing(false);
    choose_speed();
    refresh(Change::jump);
    say("The recording has ended.");
}

void Viewer::pass_time(uint64_t milliseconds) {
    const uint64_t passed = std::min<uint64_t>(milliseconds - std::min(milliseconds, milliseconds_), 250);
    const bool faded = flashes_.fading(milliseconds_);
    milliseconds_ = milliseconds;
    flashes_.set_time(milliseconds);
    if (wanted_tick_) seek(*wanted_tick_), wanted_tick_.reset();
    if (reading()) refresh(Change::jump);
    else if (source_.live()) follow_news();
    else if (playing_ && passed != 0) play(passed);
    if (faded) changed_ = true;
    if (!message_.empty() && milliseconds >= message_until_) message_.clear(), changed_ = true;
}

std::optional<uint64_t> Viewer::wake_after() const {
    if (wanted_tick_ || reading()) return 1;
    if (playing_ || flashes_.fading(milliseconds_)) return frame_milliseconds;
    std::optional<uint64_t> after;
    if (source_.live()) after = idle_poll_milliseconds;
    if (!message_.empty()) {
        const uint64_t rest = message_until_ > milliseconds_ ? message_until_ - milliseconds_ : 1;
        after = std::min(after.value_or(rest), rest);
    }
    return after;
}

void Viewer::say(const std::string& text) {
    message_ = text;
    message_until_ = milliseconds_ + message_milliseconds;
    changed_ = true;
}

void Viewer::set_filter(const std::string& words) {
    source_.set_filter(words);
    filter_ = words;
    changed_ = true;
}

void Viewer::inspect(uint32_t address) {
    selected_ = address;
    if (!reading()) guarded([&] { inspection_ = source_.inspect(mm::VirtAddr{address}); });
    changed_ = true;
}

void Viewer::show_alone(PanelId panel) { focus_ = panel, alone_ = true, changed_ = true; }

bool Viewer::take_picture_wish() {
    const bool wished = picture_;
    picture_ = false;
    return wished;
}

std::string Viewer::title() const {
    std::string text = "zonescope: " + name_ + ", tick " + std::to_string(now_.tick) + ", " + (reading() ? "reading" : source_.live() ? playing_ ? "live" : "frozen" : playing_ ? "playing" : "paused")
                       + ", profile " + now_.profile;
    if (!filter_.empty()) text += ", filter " + filter_;
    if (selected_) text += ", inspecting " + hex_address(*selected_);
    return text;
}

StatusState Viewer::status() const { return {playing_, source_.live(), source_.extent(), reading_}; }

ControlState Viewer::controls() const {
    return {source_.extent(), now_.tick, playing_, source_.live(), source_.can_seek(), source_.cpus().size() > 1, ticks_per_second_, now_.profile, filter_, now_.cpu};
}

Look Viewer::look() const { return {heat_, selected_, inspection_ ? &*inspection_ : nullptr, &flashes_}; }

ScreenLayout Viewer::layout(const Canvas& canvas) const {
    return lay_out(canvas, focus_, alone_, status_height(canvas, status_fields(canvas, canvas.size().width, now_, status())));
}

}  // namespace tools::view
