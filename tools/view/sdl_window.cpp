// SPDX-License-Identifier: LGPL-2.1-or-later
// The event loop: it sleeps until somebody does something, or until the viewer wants to go on.
#include "sdl_window.hpp"

#include <SDL.h>

#include <algorithm>
#include <string_view>

#include "desktop_scale.hpp"
#include "sdl_canvas.hpp"
#include "sdl_session.hpp"
#include "tools/error.hpp"

namespace tools::view {
namespace {

constexpr uint64_t least_frame_milliseconds = 16;

std::optional<Key> key_of(SDL_Keycode code) {
    switch (code) {
        case SDLK_LEFT: return Key::left;
        case SDLK_RIGHT: return Key::right;
        case SDLK_UP: return Key::up;
        case SDLK_DOWN: return Key::down;
        case SDLK_HOME: return Key::home;
        case SDLK_END: return Key::end;
        case SDLK_PAGEUP: return Key::page_up;
        case SDLK_PAGEDOWN: return Key::page_down;
        case SDLK_TAB: return Key::tab;
        case SDLK_ESCAPE: return Key::escape;
        case SDLK_RETURN: case SDLK_KP_ENTER: return Key::enter;
        case SDLK_BACKSPACE: return Key::backspace;
        case SDLK_DELETE: return Key::erase;
        case SDLK_F1: return Key::f1;
        default: return {};
    }
}

class Window final {
public:
    Window(Viewer& viewer, const WindowOptions& options) : viewer_{viewer}, options_{options}, desktop_scale_{x11_scale()} {
        const Size size = first_size();
        window_.reset(SDL_CreateWindow("zonescope", SDL_WINDOWPOS_UNDEFINED, SDL_WINDOWPOS_UNDEFINED, size.width, size.height, SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI));
        if (!window_) throw Failure{"view", std::string{"no window can be opened ("} + SDL_GetError() + ")"};
        renderer_.reset(SDL_CreateRenderer(window_.get(), -1, 0));
        if (!renderer_) renderer_.reset(SDL_CreateRenderer(window_.get(), -1, SDL_RENDERER_SOFTWARE));
        if (!renderer_) throw Failure{"view", std::string{"nothing can be drawn in the window ("} + SDL_GetError() + ")"};
        make_canvas();
        SDL_StartTextInput();
    }

    void run() {
        while (!viewer_.wants_to_quit() && !quit_) {
            viewer_.pass_time(SDL_GetTicks64());
            if (viewer_.take_picture_wish()) take_picture();
            draw();
            wait();
        }
    }

private:
    // X11 counts pixels only, and leaves their size to the programs. 1: elsewhere.
    [[nodiscard]] static double x11_scale() {
        const char* const driver = SDL_GetCurrentVideoDriver();
        if (!driver || std::string_view{driver} != "x11") return 1;
        float dots_per_inch = 0;
        SDL_Rect display{};
        SDL_GetDisplayBounds(0, &display);
        SDL_GetDisplayDPI(0, nullptr, &dots_per_inch, nullptr);
        return desktop_scale(SDL_getenv("GDK_SCALE"), static_cast<double>(dots_per_inch), display.h);
    }
    [[nodiscard]] Size first_size() const {
        SDL_Rect room{};
        if (options_.scale > 0 || desktop_scale_ == 1 || SDL_GetDisplayUsableBounds(0, &room) != 0) return options_.size;
        const auto grown = [&](int length, int most) { return std::min(static_cast<int>(length * desktop_scale_), std::max(length, most)); };
        return {grown(options_.size.width, room.w), grown(options_.size.height, room.h)};
    }

    // Pixels for each of the window's units: above 1 on a display of high resolution.
    [[nodiscard]] double pixels_per_unit() const {
        int window_width = 0, window_height = 0, width = 0, height = 0;
        SDL_GetWindowSize(window_.get(), &window_width, &window_height);
        SDL_GetRendererOutputSize(renderer_.get(), &width, &height);
        return window_width > 0 && width > 0 ? width / static_cast<double>(window_width) : 1;
    }
    void make_canvas() {
        const double scale = options_.scale > 0 ? options_.scale : pixels_per_unit() * desktop_scale_;
        if (canvas_ && canvas_->scale() == scale) return;
        canvas_.reset();
        canvas_ = std::make_unique<SdlCanvas>(renderer_.get(), options_.fonts, scale);
    }

    void draw() {
        if (const std::string title = viewer_.title(); title != title_) SDL_SetWindowTitle(window_.get(), (title_ = title).c_str());
        if (!viewer_.changed() || hidden_ || SDL_GetTicks64() - drawn_ < least_frame_milliseconds) return;
        canvas_->begin();
        viewer_.draw(*canvas_);
        SDL_RenderPresent(renderer_.get());
        drawn_ = SDL_GetTicks64();
    }

    void take_picture() {
        const std::filesystem::path file = free_name();
        try {
            save_picture(viewer_, canvas_->size(), canvas_->scale(), options_.fonts, file);
            viewer_.say("Saved " + file.string());
        } catch (const Error& e) {
            viewer_.say(e.what());
        }
    }
    // In the current directory, named after the moment.
    [[nodiscard]] std::filesystem::path free_name() const {
        const std::string stem = "zonescope-" + std::to_string(viewer_.shown().tick);
        std::filesystem::path file = stem + ".png";
        for (int n = 2; std::filesystem::exists(file) && n < 1000; ++n) file = stem + "-" + std::to_string(n) + ".png";
        return file;
    }

    void wait() {
        std::optional<uint64_t> after = viewer_.wake_after();
        if (viewer_.changed() && !hidden_) after = least_frame_milliseconds;
        SDL_Event event;
        int got = after ? SDL_WaitEventTimeout(&event, static_cast<int>(*after)) : SDL_WaitEvent(&event);
        if (got == 0 && !after) quit_ = true;  // nothing can be waited for any more
        for (; got != 0; got = SDL_PollEvent(&event)) handle(event);
    }

    [[nodiscard]] Point pixel(int x, int y) const {
        const double ratio = pixels_per_unit();
        return {static_cast<int>(x * ratio), static_cast<int>(y * ratio)};
    }

    void handle(const SDL_Event& event) {
        switch (event.type) {
            case SDL_QUIT: quit_ = true; break;
            case SDL_KEYDOWN:
                if (const auto key = key_of(event.key.keysym.sym)) viewer_.press(*canvas_, *key, (event.key.keysym.mod & KMOD_SHIFT) != 0);
                break;
            case SDL_TEXTINPUT: viewer_.type(*canvas_, event.text.text); break;
            case SDL_MOUSEBUTTONDOWN:
                if (event.button.button == SDL_BUTTON_LEFT) viewer_.mouse_down(*canvas_, pixel(event.button.x, event.button.y), event.button.clicks);
                break;
            case SDL_MOUSEBUTTONUP: viewer_.mouse_up(); break;
            case SDL_MOUSEMOTION: viewer_.mouse_move(*canvas_, pixel(event.motion.x, event.motion.y)); break;
            case SDL_MOUSEWHEEL:
                if (event.wheel.y != 0) viewer_.wheel(*canvas_, pixel(event.wheel.mouseX, event.wheel.mouseY), event.wheel.y > 0 ? 1 : -1);
                break;
            case SDL_RENDER_TARGETS_RESET: case SDL_RENDER_DEVICE_RESET:
                canvas_->forget_textures();
                viewer_.touch();
                break;
            case SDL_WINDOWEVENT: handle_window(event.window.event); break;
            default: break;
        }
    }

    void handle_window(uint8_t what) {
        switch (what) {
            case SDL_WINDOWEVENT_MINIMIZED: case SDL_WINDOWEVENT_HIDDEN: hidden_ = true; break;
            case SDL_WINDOWEVENT_RESTORED: case SDL_WINDOWEVENT_SHOWN: case SDL_WINDOWEVENT_EXPOSED:
                hidden_ = false;
                viewer_.touch();
                break;
            case SDL_WINDOWEVENT_SIZE_CHANGED: case SDL_WINDOWEVENT_DISPLAY_CHANGED:
                make_canvas();
                canvas_->begin();
                viewer_.touch();
                break;
            case SDL_WINDOWEVENT_LEAVE: viewer_.mouse_leave(); break;
            case SDL_WINDOWEVENT_CLOSE: quit_ = true; break;
            default: break;
        }
    }

    Viewer& viewer_;
    const WindowOptions& options_;
    const double desktop_scale_;
    SdlOwned<SDL_Window> window_;
    SdlOwned<SDL_Renderer> renderer_;
    std::unique_ptr<SdlCanvas> canvas_;
    std::string title_;
    uint64_t drawn_ = 0;
    bool hidden_ = false, quit_ = false;
};

}  // namespace

int run_window(Viewer& viewer, const WindowOptions& options) {
    const SdlText text;
    const SdlDisplay display;
    Window{viewer, options}.run();
    return quitting_signal() != 0 ? 128 + quitting_signal() : 0;
}

void save_picture(Viewer& viewer, Size pixels, double scale, const std::filesystem::path& fonts, const std::filesystem::path& file) {
    const SdlText text;
    write_png(draw_picture(pixels, scale, fonts, [&](Canvas& canvas) { viewer.draw(canvas); }), file);
}

}  // namespace tools::view
