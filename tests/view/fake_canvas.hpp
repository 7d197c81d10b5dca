// SPDX-License-Identifier: LGPL-2.1-or-later
// A canvas without pixels: each character is 7 wide and 14 high (small: 6 and 12), and what is drawn is written down.
#pragma once

#include <string>
#include <vector>

#include "tools/view/canvas.hpp"
#include "tools/view/utf8.hpp"

namespace tools::view {

class FakeCanvas final : public Canvas {
public:
    explicit FakeCanvas(Size size, double scale = 1) : size_{size}, scale_{scale}, clip_{0, 0, size.width, size.height} {}

    [[nodiscard]] Size size() const override { return size_; }
    [[nodiscard]] int px(double units) const override { return units <= 0 ? 0 : std::max(1, static_cast<int>(units * scale_ + 0.5)); }
    [[nodiscard]] int line_height(Font font) const override { return px(small(font) ? 12 : 14); }
    [[nodiscard]] int text_width(std::string_view text, Font font) const override {
        int count = 0;
        for (; !text.empty(); ++count) (void)take_character(text);
        return count * px(small(font) ? 6 : 7);
    }
    void fill(Rect where, Color color) override { fills.push_back({intersection(where, clip_), color}); }
    void text(Point at, std::string_view text, Font font, Color color) override { texts.push_back({{at.x, at.y, text_width(text, font), line_height(font)}, std::string{text}, clip_, color}); }
    [[nodiscard]] Rect clip() const override { return clip_; }
    void set_clip(Rect where) override { clip_ = where; }

    [[nodiscard]] bool says(std::string_view part) const {
        for (const Text& t : texts)
            if (t.text.find(part) != std::string::npos) return true;
        return false;
    }

    struct Fill {
        Rect where;
        Color color;
    };
    struct Text {
        Rect where;
        std::string text;
        Rect clip;
        Color color;
    };
    std::vector<Fill> fills;
    std::vector<Text> texts;

private:
    [[nodiscard]] static bool small(Font font) { return font == Font::small || font == Font::mono_small; }
    Size size_;
    double scale_;
    Rect clip_;
};

}  // namespace tools::view
