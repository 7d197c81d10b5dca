// SPDX-License-Identifier: LGPL-2.1-or-later
// The viewer without a window: keys, clicks and time go in; drawings, a title and wishes come out.
//
//   window --keys, mouse, time--> Viewer --seek, step--> Source
//      ^------ draw, title, wake_after --'  ^-- snapshot --'
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "flashes.hpp"
#include "overlays.hpp"
#include "panel.hpp"
#include "screen_layout.hpp"
#include "status_bar.hpp"
#include "control_bar.hpp"
#include "tools/view/source.hpp"

namespace tools::view {

class Viewer final {
public:
    // Of a recording with a name for the window's title; the source must outlive it.
    Viewer(Source& source, std::string name);
    ~Viewer();

    // --- what a person does; `canvas` measures, nothing is drawn
    void press(const Canvas& canvas, Key key, bool shift);
    void type(const Canvas& canvas, std::string_view characters);
    void run(const Canvas& canvas, Command command);
    void mouse_down(const Canvas& canvas, Point p, unsigned clicks);
    void mouse_up() { dragging_ = false; }
    void mouse_move(const Canvas& canvas, Point p);
    void mouse_leave();
    void wheel(const Canvas& canvas, Point p, int steps);

    // --- time, in milliseconds of any clock that only goes forward
    void pass_time(uint64_t milliseconds);
    // When pass_time wants to be called again although nobody does anything; none: never.
    [[nodiscard]] std::optional<uint64_t> wake_after() const;

    // --- what comes out
    void draw(Canvas& canvas);
    // Whether something has changed since the last drawing.
    [[nodiscard]] bool changed() const { return changed_; }
    void touch() { changed_ = true; }
    [[nodiscard]] std::string title() const;
    [[nodiscard]] bool wants_to_quit() const { return quit_; }
    // Whether a picture is wished for; asking takes the wish back.
    [[nodiscard]] bool take_picture_wish();
    // A line that goes away after a while.
    void say(const std::string& text);

    // --- what the command line says
    void set_filter(const std::string& words);  // throws as Source::set_filter
    void inspect(uint32_t address);
    void show_alone(PanelId panel);
    void show_help() { dialog_ = Help{}, changed_ = true; }
    // Whether the moment that was asked for lies far ahead of what was read: pass_time() goes on.
    [[nodiscard]] bool reading() const { return reading_ < 1; }
    // Whether a recording was asked for the inspected page, and has not answered: pass_time() takes its answer.
    [[nodiscard]] bool waits_for_answer() const { return selected_ && inspection_ && inspection_->pending && source_.live(); }
    [[nodiscard]] const Snapshot& shown() const { return now_; }
    [[nodiscard]] bool playing() const { return playing_; }
    [[nodiscard]] PanelId focus() const { return focus_; }

private:
    static constexpr uint64_t frame_milliseconds = 33, idle_poll_milliseconds = 200, message_milliseconds = 4000, reading_milliseconds = 60;

    enum class Change : uint8_t { jump, follow };
    void refresh(Change change);
    template <class Action> bool guarded(Action action);  // false, and a message, if it throws
    void seek(uint64_t tick);
    void seek_by(double share_of_extent);
    void step(int direction);
    void take_owed_steps();
    [[nodiscard]] std::string owed_steps_text() const;
    void set_playing(bool playing);
    void choose_speed();
    void play(uint64_t milliseconds);
    void follow_news();
    void move_focus(int by);
    void zoom(const Canvas& canvas, int steps, std::optional<Point> at);
    void open_chooser(Command purpose);
    void choose();
    void answer(Prompt& prompt);
    void run_dialog_key(const Canvas& canvas, Key key, bool shift);
    void click_panel(const Canvas& canvas, Point p, unsigned clicks);
    void update_hover(const Canvas& canvas);

    [[nodiscard]] ScreenLayout layout(const Canvas& canvas) const;
    [[nodiscard]] StatusState status() const;
    [[nodiscard]] ControlState controls() const;
    [[nodiscard]] Look look() const;
    [[nodiscard]] Panel& panel(PanelId id) const { return *panels_[static_cast<size_t>(id)]; }
    void draw_panels(Canvas& canvas, const ScreenLayout& where);
    void draw_event_line(Canvas& canvas, Rect where) const;

    Source& source_;
    std::string name_;
    std::array<std::unique_ptr<Panel>, panel_count> panels_;
    Snapshot now_;                          // what is drawn; while a live recording is frozen, not the latest
    double reading_ = 1;                    // the share of the way to the moment that was asked for
    int owed_steps_ = 0;                    // from there, onward or back
    bool shows_moment_ = false;             // whether now_ is one
    std::optional<uint32_t> selected_;
    std::optional<WalkInspection> inspection_;
    Flashes flashes_;

    PanelId focus_ = PanelId::memory;
    bool alone_ = false;
    Heat heat_ = Heat::walks;
    std::string filter_;
    struct Help {};
    std::variant<std::monostate, Help, Prompt, Chooser> dialog_;
    std::optional<Point> mouse_;
    std::optional<Hit> hover_;
    bool dragging_ = false;
    std::optional<uint64_t> wanted_tick_;   // where the bar of time was dragged to, not sought yet

    bool playing_ = false, quit_ = false, changed_ = true, picture_ = false;
    double ticks_per_second_ = 0, owed_ticks_ = 0;
    uint64_t milliseconds_ = 0, message_until_ = 0;
    std::string message_;
};

}  // namespace tools::view
