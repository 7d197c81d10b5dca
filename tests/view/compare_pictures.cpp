// SPDX-License-Identifier: LGPL-2.1-or-later
// compare_pictures A B MEAN SHARE: status 0 if the pictures' colour values differ by at most MEAN (of 255) on average, and at most SHARE
// of the pixels visibly. compare_pictures A FILE.png: writes A there. Each is a PNG file, or the screen that Xvfb keeps in a file
// (-fbdir), of which the upper left part counts.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "tools/error.hpp"
#include "tools/view/picture.hpp"

namespace {

using tools::view::Picture;

// Words of a header of X's window dumps (XWDFile.h), each of 32 bits, high byte first.
enum HeaderWord : size_t { header_size = 0, file_version = 1, width = 4, height = 5, bits_per_pixel = 11, bytes_per_line = 12, colors = 19 };

uint32_t word(const std::vector<uint8_t>& file, HeaderWord n) {
    const size_t at = size_t{n} * 4;
    return at + 4 > file.size() ? 0 : uint32_t{file[at]} << 24 | uint32_t{file[at + 1]} << 16 | uint32_t{file[at + 2]} << 8 | file[at + 3];
}

Picture read_screen(const std::vector<uint8_t>& file) {
    const size_t pixels = word(file, header_size) + size_t{word(file, colors)} * 12, line = word(file, bytes_per_line);
    const tools::view::Size size{static_cast<int>(word(file, width)), static_cast<int>(word(file, height))};
    if (word(file, bits_per_pixel) != 32 || pixels + line * static_cast<size_t>(size.height) > file.size()) throw tools::InputError{"screen", "not one of 24 bits a pixel; start Xvfb with x24"};
    Picture picture{size, {}};
    for (size_t y = 0; y < static_cast<size_t>(size.height); ++y)
        for (size_t x = 0; x < static_cast<size_t>(size.width); ++x) {
            const uint8_t* blue = &file[pixels + y * line + x * 4];
            picture.pixels.insert(picture.pixels.end(), {blue[2], blue[1], blue[0]});
        }
    return picture;
}

bool is_png(const std::string& name) { return name.size() > 4 && name.substr(name.size() - 4) == ".png"; }

Picture read(const char* name) {
    std::ifstream in{name, std::ios::binary};
    const std::vector<uint8_t> bytes{std::istreambuf_iterator<char>{in}, {}};
    return word(bytes, file_version) == 7 ? read_screen(bytes) : tools::view::read_png(name);
}

Picture cut(const Picture& picture, tools::view::Size size) {
    Picture part{size, {}};
    for (int y = 0; y < size.height; ++y) {
        const auto row = picture.pixels.begin() + std::ptrdiff_t{y} * picture.size.width * 3;
        part.pixels.insert(part.pixels.end(), row, row + size.width * 3);
    }
    return part;
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc == 3) return tools::view::write_png(read(argv[1]), argv[2]), 0;
    if (argc != 5) return std::fputs("usage: compare_pictures A B MEAN SHARE\n       compare_pictures A FILE.png\n", stderr), 2;
    const Picture a = read(argv[1]), b = read(argv[2]);
    if (is_png(argv[1]) && is_png(argv[2]) && (a.size.width != b.size.width || a.size.height != b.size.height))
        return std::printf("%dx%d and %dx%d\n", a.size.width, a.size.height, b.size.width, b.size.height), 1;
    const tools::view::Size size{std::min(a.size.width, b.size.width), std::min(a.size.height, b.size.height)};
    const tools::view::Difference d = compare(cut(a, size), cut(b, size));
    std::printf("%dx%d: mean %.3f, differing %.4f\n", size.width, size.height, d.mean, d.differing);
    return d.mean <= std::atof(argv[3]) && d.differing <= std::atof(argv[4]) ? 0 : 1;
} catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 2;
}
