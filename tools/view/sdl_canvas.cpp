// SPDX-License-Identifier: LGPL-2.1-or-later
// Filling, clipping, text, and pictures by SDL's software renderer.
#include "sdl_canvas.hpp"

#include <algorithm>
#include <cmath>

#include "tools/error.hpp"

namespace tools::view {

SdlCanvas::SdlCanvas(SDL_Renderer* renderer, const std::filesystem::path& fonts, double scale) : renderer_{renderer}, scale_{scale}, fonts_{fonts, scale} { begin(); }

int SdlCanvas::px(double units) const { return units <= 0 ? 0 : std::max(1, static_cast<int>(std::lround(units * scale_))); }

void SdlCanvas::begin() {
    SDL_GetRendererOutputSize(renderer_, &size_.width, &size_.height);
    set_clip({0, 0, size_.width, size_.height});
}

void SdlCanvas::fill(Rect where, Color color) {
    const Rect seen = intersection(where, clip_);
    if (seen.empty()) return;
    const SDL_Rect r{seen.x, seen.y, seen.width, seen.height};
    SDL_SetRenderDrawBlendMode(renderer_, color.alpha == 255 ? SDL_BLENDMODE_NONE : SDL_BLENDMODE_BLEND);
    SDL_SetRenderDrawColor(renderer_, color.red, color.green, color.blue, color.alpha);
    SDL_RenderFillRect(renderer_, &r);
}

void SdlCanvas::text(Point top_left, std::string_view text, Font font, Color color) {
    if (clip_.empty() || top_left.y >= clip_.bottom() || top_left.x >= clip_.right()) return;
    fonts_.draw(renderer_, top_left, text, font, color);
}

void SdlCanvas::set_clip(Rect where) {
    clip_ = where;
    const SDL_Rect r{where.x, where.y, where.width, where.height};
    SDL_RenderSetClipRect(renderer_, &r);
}

Picture draw_picture(Size size, double scale, const std::filesystem::path& fonts, const std::function<void(Canvas&)>& draw) {
    const SdlOwned<SDL_Surface> surface{SDL_CreateRGBSurfaceWithFormat(0, size.width, size.height, 32, SDL_PIXELFORMAT_RGBA32)};
    const SdlOwned<SDL_Renderer> renderer{surface ? SDL_CreateSoftwareRenderer(surface.get()) : nullptr};
    if (!renderer) throw Failure{"view", std::string{"a picture of this size cannot be drawn ("} + SDL_GetError() + "); give a smaller --size"};
    {
        SdlCanvas canvas{renderer.get(), fonts, scale};
        draw(canvas);
        SDL_RenderFlush(renderer.get());
    }
    Picture picture{size, {}};
    picture.pixels.reserve(static_cast<size_t>(size.width) * static_cast<size_t>(size.height) * 3);
    for (int y = 0; y < size.height; ++y) {
        const uint8_t* pixel = static_cast<const uint8_t*>(surface->pixels) + y * surface->pitch;
        for (int x = 0; x < size.width; ++x, pixel += 4) picture.pixels.insert(picture.pixels.end(), pixel, pixel + 3);
    }
    return picture;
}

}  // namespace tools::view
