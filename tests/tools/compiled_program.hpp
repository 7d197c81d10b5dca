// SPDX-License-Identifier: LGPL-2.1-or-later
// A small 32-bit ELF file with DWARF, compiled while the test runs.
#pragma once

#include <cstdlib>

#include "trace_builder.hpp"

namespace tests {

// Two functions at 0x08050000; the source stays beside it.
class CompiledProgram final {
public:
    static constexpr uint32_t base = 0x08050000;
    static constexpr char source[] =
        "extern \"C\" int twice(const int* from) {\n"
        "    int sum = *from;\n"
        "    return sum * 2;\n"
        "}\n"
        "extern \"C\" void start() {\n"
        "    int value = 21;\n"
        "    twice(&value);\n"
        "    for (;;) {}\n"
        "}\n";

    explicit CompiledProgram(const std::string& debug = "-g") {
        write_file(directory_.path() / "small.cpp", source);
        const char* const configured = std::getenv("GUEST_CXX");
        const std::string compiler = configured && *configured ? configured : "g++";
        const std::string flags = " -m32 -O0 " + debug + " -ffreestanding -fno-pic -fno-pie -no-pie -fno-asynchronous-unwind-tables -fcf-protection=none -nostdlib -static"
                                  " -Wl,-e,start -Wl,-Ttext=0x08050000 -Wl,--build-id=none";
        const std::string where = "cd '" + directory_.path().string() + "' && ";
        good_ = std::system((where + compiler + flags + " -o small.elf small.cpp >small.log 2>&1").c_str()) == 0;
    }
    [[nodiscard]] bool good() const { return good_; }
    [[nodiscard]] std::string log() const { return read_file(directory_.path() / "small.log"); }
    [[nodiscard]] std::filesystem::path elf() const { return directory_.path() / "small.elf"; }
    [[nodiscard]] std::filesystem::path source_file() const { return directory_.path() / "small.cpp"; }

private:
    const TemporaryDirectory directory_;
    bool good_ = false;
};

}  // namespace tests
