// SPDX-License-Identifier: LGPL-2.1-or-later
// The fonts at one scale, and the shapes of the characters drawn so far.
#pragma once

#include <SDL.h>
#include <SDL_ttf.h>

#include <array>
#include <filesystem>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "canvas.hpp"

namespace tools::view {

struct SdlDeleter {
    void operator()(TTF_Font* f) const { TTF_CloseFont(f); }
    void operator()(SDL_Surface* s) const { SDL_FreeSurface(s); }
    void operator()(SDL_Texture* t) const { SDL_DestroyTexture(t); }
    void operator()(SDL_Renderer* r) const { SDL_DestroyRenderer(r); }
    void operator()(SDL_Window* w) const { SDL_DestroyWindow(w); }
};
template <class T>
using SdlOwned = std::unique_ptr<T, SdlDeleter>;

class SdlFonts final {
public:
    // Throws Failure if a font cannot be opened.
    SdlFonts(const std::filesystem::path& directory, double scale);

    [[nodiscard]] int line_height(Font font) const { return faces_[index(font)].height; }
    [[nodiscard]] int width(std::string_view text, Font font);
    void draw(SDL_Renderer* renderer, Point at, std::string_view text, Font font, Color color);
    // After the renderer has lost its textures, or before it goes away.
    void forget_textures();

private:
    struct Glyph {
        uint32_t character = 0;  // that is drawn: another one if the font has none
        int advance = 0;
        Size size{};
        SdlOwned<SDL_Texture> texture;
    };
    struct Face {
        SdlOwned<TTF_Font> font;
        int height = 0;
        std::unordered_map<uint32_t, Glyph> glyphs;
    };
    [[nodiscard]] static size_t index(Font font) { return static_cast<size_t>(font); }
    Glyph& glyph(Face& face, uint32_t character);

    std::array<Face, font_count> faces_;
};

}  // namespace tools::view
