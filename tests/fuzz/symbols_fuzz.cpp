// SPDX-License-Identifier: LGPL-2.1-or-later
// Any bytes as the file that names a guest's functions, as one of its programs, and as a System.map: each function that is found has a place
// and a name, by which it is found again.
#include <cstdlib>
#include <fstream>

#include "tools/symbols.hpp"
#include "tools/system_map.hpp"
#include "tools/temporary_directory.hpp"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
    static const tools::TemporaryDirectory directory;
    const std::filesystem::path file = directory.path() / "symbols";
    std::ofstream{file, std::ios::binary | std::ios::trunc}.write(reinterpret_cast<const char*>(bytes), static_cast<std::streamsize>(size));
    (void)tools::system_map_problem(file);
    tools::Symbols symbols{file, size % 2 ? 0x1000u : 0u};
    const size_t kernel = symbols.count();
    if (size % 3 == 0) symbols.add_program(file);
    for (size_t n = 0; n < symbols.count(); ++n) {
        if (symbols.is_program(n) != (n >= kernel) || symbols.file(n).path != file) std::abort();
        const uint32_t start = symbols.start(n);
        const size_t found = symbols.find(start, symbols.is_program(n));
        if (symbols.size(n) != 0 && found != tools::Symbols::none && symbols.start(found) > start) std::abort();
        (void)symbols.at(start);
        (void)symbols.at(start + symbols.size(n));
    }
    if (symbols.count() != 0) {
        const size_t n = size % symbols.count();
        if (symbols.named(symbols.name(n)).empty()) std::abort();
        (void)symbols.similar_to(symbols.name(n).substr(0, 2), 5);
    }
    return 0;
}
