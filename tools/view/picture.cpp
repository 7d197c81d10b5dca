// SPDX-License-Identifier: LGPL-2.1-or-later
// PNG files by libpng's simplified interface.
#include "picture.hpp"

#include <png.h>

#include <algorithm>
#include <cstdlib>

#include "tools/error.hpp"

namespace tools::view {

void write_png(const Picture& picture, const std::filesystem::path& file) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(picture.size.width);
    image.height = static_cast<png_uint_32>(picture.size.height);
    image.format = PNG_FORMAT_RGB;
    if (png_image_write_to_file(&image, file.c_str(), 0, picture.pixels.data(), 0, nullptr) == 0)
        throw Failure{file.string(), std::string{"the picture cannot be written ("} + image.message + "); check the folder and its space"};
}

Picture read_png(const std::filesystem::path& file) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    Picture picture;
    if (png_image_begin_read_from_file(&image, file.c_str()) != 0) {
        image.format = PNG_FORMAT_RGB;
        picture.size = {static_cast<int>(image.width), static_cast<int>(image.height)};
        picture.pixels.resize(PNG_IMAGE_SIZE(image));
        if (png_image_finish_read(&image, nullptr, picture.pixels.data(), 0, nullptr) != 0) return picture;
    }
    png_image_free(&image);
    throw InputError{file.string(), std::string{"no picture that can be read ("} + image.message + "); give a PNG file"};
}

Difference compare(const Picture& a, const Picture& b) {
    if (!(a.size == b.size) || a.pixels.size() != b.pixels.size() || a.pixels.empty()) return {255, 1};
    constexpr int visible = 24;
    uint64_t sum = 0, differing = 0;
    for (size_t i = 0; i < a.pixels.size(); i += 3) {
        int most = 0;
        for (size_t c = i; c < i + 3; ++c) {
            const int apart = std::abs(int{a.pixels[c]} - int{b.pixels[c]});
            sum += static_cast<uint64_t>(apart);
            most = std::max(most, apart);
        }
        if (most > visible) ++differing;
    }
    const auto pixels = static_cast<double>(a.pixels.size()) / 3;
    return {static_cast<double>(sum) / pixels / 3, static_cast<double>(differing) / pixels};
}

}  // namespace tools::view
