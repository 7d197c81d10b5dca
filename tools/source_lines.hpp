// SPDX-License-Identifier: LGPL-2.1-or-later
// Which line of which source file an instruction was compiled from, by the DWARF in its ELF file (elfutils).
#pragma once

#include <stdint.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tools {

struct SourceLine {
    std::string file;                   // as the compiler was given it, after the directory it ran in
    unsigned line{};
    friend bool operator==(const SourceLine&, const SourceLine&) = default;
};

class SourceLines final {
public:
    // Knows nothing if the file cannot be read, or has no DWARF. `moved_by` is added to its addresses.
    explicit SourceLines(const std::filesystem::path& elf, uint32_t moved_by = 0);
    ~SourceLines();
    SourceLines(const SourceLines&) = delete;
    SourceLines& operator=(const SourceLines&) = delete;

    [[nodiscard]] bool empty() const { return units_.empty(); }
    [[nodiscard]] std::optional<SourceLine> at(uint32_t address) const;

private:
    // Code of a compilation unit, which is named by its offset in .debug_info.
    struct Unit {
        uint64_t start, end, offset;
    };
    void read_units();

    int descriptor_ = -1;
    void* dwarf_ = nullptr;
    const uint32_t moved_by_;
    std::vector<Unit> units_;           // by start
};

// The text of source files that are still there, and no newer than what was compiled from them.
class SourceText final {
public:
    // Without the blanks around it; empty if it is not known.
    [[nodiscard]] std::string at(const SourceLine& line, const std::filesystem::path& compiled);

private:
    std::map<std::string, std::vector<std::string>> files_;
};

}  // namespace tools
