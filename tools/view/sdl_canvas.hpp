// SPDX-License-Identifier: LGPL-2.1-or-later
// The canvas on an SDL renderer: of a window, or of a picture in memory, which needs no display.
#pragma once

#include <filesystem>
#include <functional>

#include "picture.hpp"
#include "sdl_fonts.hpp"

namespace tools::view {

class SdlCanvas final : public Canvas {
public:
    // The renderer must outlive the canvas.
    SdlCanvas(SDL_Renderer* renderer, const std::filesystem::path& fonts, double scale);

    [[nodiscard]] Size size() const override { return size_; }
    [[nodiscard]] int px(double units) const override;
    [[nodiscard]] int line_height(Font font) const override { return fonts_.line_height(font); }
    [[nodiscard]] int text_width(std::string_view text, Font font) const override { return fonts_.width(text, font); }
    void fill(Rect where, Color color) override;
    void text(Point top_left, std::string_view text, Font font, Color color) override;
    [[nodiscard]] Rect clip() const override { return clip_; }
    void set_clip(Rect where) override;

    [[nodiscard]] double scale() const { return scale_; }
    // Before each drawing: the size may have changed, and nothing is clipped.
    void begin();
    void forget_textures() { fonts_.forget_textures(); }

private:
    SDL_Renderer* renderer_;
    double scale_;
    Size size_{};
    Rect clip_{};
    mutable SdlFonts fonts_;  // measuring remembers widths
};

// What `draw` draws on a canvas in memory. Throws Failure if SDL cannot.
[[nodiscard]] Picture draw_picture(Size size, double scale, const std::filesystem::path& fonts, const std::function<void(Canvas&)>& draw);

}  // namespace tools::view
