// SPDX-License-Identifier: LGPL-2.1-or-later
// What the panels draw on: a window, a picture in memory, or a test that writes down what it is told.
#pragma once

#include <string_view>

#include "geometry.hpp"
#include "palette.hpp"

namespace tools::view {

enum class Font : uint8_t { text, title, small, mono, mono_small };
inline constexpr unsigned font_count = 5;

// Colours with an alpha below 255 are blended. Whatever leaves the clip is cut off; text is never wrapped.
class Canvas {
public:
    virtual ~Canvas() = default;

    [[nodiscard]] virtual Size size() const = 0;
    // Pixels for a length given at scale 1; at least 1 for what is more than nothing.
    [[nodiscard]] virtual int px(double units) const = 0;
    [[nodiscard]] virtual int line_height(Font font) const = 0;
    [[nodiscard]] virtual int text_width(std::string_view text, Font font) const = 0;

    virtual void fill(Rect where, Color color) = 0;
    virtual void text(Point top_left, std::string_view text, Font font, Color color) = 0;
    [[nodiscard]] virtual Rect clip() const = 0;
    virtual void set_clip(Rect where) = 0;

    // `thickness` pixels inside the rectangle.
    void outline(Rect r, Color color, int thickness = 1) {
        fill({r.x, r.y, r.width, thickness}, color);
        fill({r.x, r.bottom() - thickness, r.width, thickness}, color);
        fill({r.x, r.y + thickness, thickness, r.height - 2 * thickness}, color);
        fill({r.right() - thickness, r.y + thickness, thickness, r.height - 2 * thickness}, color);
    }
};

// Clips to a part for as long as it lives; clips nest.
class Clip final {
public:
    Clip(Canvas& canvas, Rect where) : canvas_{canvas}, before_{canvas.clip()} { canvas.set_clip(intersection(before_, where)); }
    ~Clip() { canvas_.set_clip(before_); }
    Clip(const Clip&) = delete;
    Clip& operator=(const Clip&) = delete;

private:
    Canvas& canvas_;
    Rect before_;
};

}  // namespace tools::view
