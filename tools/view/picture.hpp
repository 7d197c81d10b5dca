// SPDX-License-Identifier: LGPL-2.1-or-later
// A picture in memory, and as a PNG file.
#pragma once

#include <stdint.h>

#include <filesystem>
#include <vector>

#include "geometry.hpp"

namespace tools::view {

// Three bytes a pixel, red first, rows from the top without padding.
struct Picture {
    Size size;
    std::vector<uint8_t> pixels;
};

// Throw Failure and InputError with what is wrong with the file.
void write_png(const Picture& picture, const std::filesystem::path& file);
[[nodiscard]] Picture read_png(const std::filesystem::path& file);

// How far apart two pictures of the same size are.
struct Difference {
    double mean = 0;       // of all colour values, 0 to 255
    double differing = 0;  // share of the pixels of which one value differs by more than 24
};
[[nodiscard]] Difference compare(const Picture& a, const Picture& b);

}  // namespace tools::view
