// SPDX-License-Identifier: LGPL-2.1-or-later
// make_media DIR: the data disk and the floppy of a recording, for a guest that runs in QEMU.
#include <iostream>

#include "data_media.hpp"

int main(int argc, char** argv) try {
    if (argc != 2) return std::cerr << "usage: make_media DIR\n", 2;
    (void)tools::make_data_media(argv[1]);
} catch (const std::exception& e) {
    std::cerr << "make_media: " << e.what() << '\n';
    return 1;
}
