// SPDX-License-Identifier: LGPL-2.1-or-later
// Each character is drawn once, white, and then copied in the colour that is wanted.
#include "sdl_fonts.hpp"

#include <algorithm>
#include <cmath>

#include "tools/error.hpp"
#include "utf8.hpp"

namespace tools::view {
namespace {

struct FontFile {
    const char* name;
    double pixels;  // at scale 1
};
constexpr std::array<FontFile, font_count> files{{{"DejaVuSans.ttf", 13}, {"DejaVuSans-Bold.ttf", 13}, {"DejaVuSans.ttf", 11}, {"DejaVuSansMono.ttf", 13}, {"DejaVuSansMono.ttf", 11}}};

}  // namespace

SdlFonts::SdlFonts(const std::filesystem::path& directory, double scale) {
    for (size_t i = 0; i < font_count; ++i) {
        const std::filesystem::path file = directory / files[i].name;
        faces_[i].font.reset(TTF_OpenFont(file.c_str(), std::max(4, static_cast<int>(std::lround(files[i].pixels * scale)))));
        if (!faces_[i].font) throw Failure{file.string(), std::string{"this font cannot be opened ("} + TTF_GetError() + "); install fonts-dejavu-core, or configure with --with-fonts=DIR"};
        faces_[i].height = TTF_FontHeight(faces_[i].font.get());
    }
}

SdlFonts::Glyph& SdlFonts::glyph(Face& face, uint32_t character) {
    const auto [at, added] = face.glyphs.try_emplace(character);
    if (added) {
        Glyph& g = at->second;
        g.character = TTF_GlyphIsProvided32(face.font.get(), character) != 0 ? character : '?';
        (void)TTF_GlyphMetrics32(face.font.get(), g.character, nullptr, nullptr, nullptr, nullptr, &g.advance);
    }
    return at->second;
}

int SdlFonts::width(std::string_view text, Font font) {
    int sum = 0;
    while (!text.empty()) sum += glyph(faces_[index(font)], take_character(text)).advance;
    return sum;
}

void SdlFonts::draw(SDL_Renderer* renderer, Point at, std::string_view text, Font font, Color color) {
    Face& face = faces_[index(font)];
    while (!text.empty()) {
        Glyph& g = glyph(face, take_character(text));
        if (!g.texture && g.character != ' ') {
            const SdlOwned<SDL_Surface> shape{TTF_RenderGlyph32_Blended(face.font.get(), g.character, SDL_Color{255, 255, 255, 255})};
            if (shape) {
                g.texture.reset(SDL_CreateTextureFromSurface(renderer, shape.get()));
                g.size = {shape->w, shape->h};
            }
        }
        if (g.texture) {
            SDL_SetTextureColorMod(g.texture.get(), color.red, color.green, color.blue);
            SDL_SetTextureAlphaMod(g.texture.get(), color.alpha);
            const SDL_Rect where{at.x, at.y, g.size.width, g.size.height};
            SDL_RenderCopy(renderer, g.texture.get(), nullptr, &where);
        }
        at.x += g.advance;
    }
}

void SdlFonts::forget_textures() {
    for (Face& face : faces_)
        for (auto& [character, g] : face.glyphs) g.texture.reset();
}

}  // namespace tools::view
