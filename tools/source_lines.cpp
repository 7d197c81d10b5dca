// SPDX-License-Identifier: LGPL-2.1-or-later
// Asks elfutils' libdw.
#include "source_lines.hpp"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace tools {
namespace {

namespace fs = std::filesystem;

// More than any kernel has, and an end for a file that was made to have none.
constexpr size_t most_units = size_t{1} << 20;
constexpr uintmax_t largest_source = uintmax_t{16} << 20;

Dwarf* dwarf_of(void* p) { return static_cast<Dwarf*>(p); }

std::string directory_of(Dwarf_Die& unit) {
    Dwarf_Attribute attribute;
    const char* const directory = dwarf_formstring(dwarf_attr(&unit, DW_AT_comp_dir, &attribute));
    return directory ? directory : "";
}

}  // namespace

SourceLines::SourceLines(const fs::path& elf, uint32_t moved_by) : moved_by_{moved_by} {
    std::error_code error;
    if (!fs::is_regular_file(elf, error)) return;
    descriptor_ = open(elf.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) return;
    dwarf_ = dwarf_begin(descriptor_, DWARF_C_READ);
    if (dwarf_) read_units();
}

SourceLines::~SourceLines() {
    if (dwarf_) dwarf_end(dwarf_of(dwarf_));
    if (descriptor_ >= 0) close(descriptor_);
}

void SourceLines::read_units() {
    Dwarf_Off next = 0;
    size_t header_bytes = 0;
    for (Dwarf_Off at = 0; units_.size() < most_units; at = next) {
        if (dwarf_nextcu(dwarf_of(dwarf_), at, &next, &header_bytes, nullptr, nullptr, nullptr) != 0 || next <= at) break;
        Dwarf_Die unit;
        if (!dwarf_offdie(dwarf_of(dwarf_), at + header_bytes, &unit)) continue;
        Dwarf_Addr base = 0, start = 0, end = 0;
        for (ptrdiff_t range = 0; units_.size() < most_units;) {
            const ptrdiff_t after = dwarf_ranges(&unit, range, &base, &start, &end);
            if (after <= range) break;
            if (start < end) units_.push_back({start, end, at + header_bytes});
            range = after;
        }
    }
    std::sort(units_.begin(), units_.end(), [](const Unit& a, const Unit& b) { return a.start < b.start; });
}

std::optional<SourceLine> SourceLines::at(uint32_t address) const {
    const uint32_t linked = address - moved_by_;
    auto unit = std::upper_bound(units_.begin(), units_.end(), linked, [](uint32_t a, const Unit& u) { return a < u.start; });
    if (unit == units_.begin() || linked >= (--unit)->end) return std::nullopt;
    Dwarf_Die die;
    if (!dwarf_offdie(dwarf_of(dwarf_), unit->offset, &die)) return std::nullopt;
    Dwarf_Line* const line = dwarf_getsrc_die(&die, linked);
    int number = 0;
    const char* const file = line ? dwarf_linesrc(line, nullptr, nullptr) : nullptr;
    if (!file || dwarf_lineno(line, &number) != 0 || number <= 0) return std::nullopt;
    const fs::path path = fs::path{directory_of(die)} / file;
    return SourceLine{path.lexically_normal().string(), static_cast<unsigned>(number)};
}

std::string SourceText::at(const SourceLine& line, const fs::path& compiled) {
    const auto [known, first] = files_.try_emplace(line.file);
    std::vector<std::string>& lines = known->second;
    std::error_code error;
    if (first && fs::is_regular_file(line.file, error) && fs::file_size(line.file, error) <= largest_source &&
        fs::last_write_time(line.file, error) <= fs::last_write_time(compiled, error)) {
        std::ifstream in{line.file};
        for (std::string text; std::getline(in, text);) lines.push_back(std::move(text));
    }
    if (line.line > lines.size()) return {};
    const std::string& text = lines[line.line - 1];
    const size_t begin = text.find_first_not_of(" \t");
    return begin == std::string::npos ? std::string{} : text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin);
}

}  // namespace tools
