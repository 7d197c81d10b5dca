// SPDX-License-Identifier: LGPL-2.1-or-later
// A file that is complete or not there.
#pragma once

#include <filesystem>
#include <fstream>
#include <iostream>

#include "error.hpp"

namespace tools {

// write(std::ostream&) fills it; `-` is standard output. It is written beside and renamed. Throws InputError if it cannot be made.
template <class Write>
void write_file(const std::filesystem::path& path, Write&& write) {
    if (path == "-") return write(std::cout);
    const std::filesystem::path beside = path.string() + ".part";
    std::ofstream out{beside, std::ios::binary | std::ios::trunc};
    if (!out) throw InputError{path.string(), "cannot be written; check the path and its permissions"};
    try {
        write(out);
        out.close();
        if (!out) throw Failure{path.string(), "cannot be written to its end; is the disk full?"};
        std::filesystem::rename(beside, path);
    } catch (...) {
        std::error_code ignored;
        std::filesystem::remove(beside, ignored);
        throw;
    }
}

}  // namespace tools
