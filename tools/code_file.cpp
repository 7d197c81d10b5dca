// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the program headers of an ELF file (System V ABI, chapter 5).
#include "code_file.hpp"

#include <elf.h>

#include <cstring>


namespace tools {
namespace {

// Zeros where the file ends.
template <class T>
T read_at(std::string_view bytes, uint64_t offset) {
    T value{};
    if (offset <= bytes.size() && sizeof value <= bytes.size() - offset) std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

}  // namespace

CodeFile::CodeFile(const std::filesystem::path& file, uint32_t moved_by) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error)) return;
    const MappedFile& mapped = file_.emplace(file);
    const std::string_view bytes{reinterpret_cast<const char*>(mapped.data()), mapped.size()};
    const auto header = read_at<Elf32_Ehdr>(bytes, 0);
    if (bytes.compare(0, SELFMAG, ELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS32 || header.e_machine != EM_386) return;
    for (unsigned n = 0; n < header.e_phnum; ++n) {
        const auto segment = read_at<Elf32_Phdr>(bytes, uint64_t{header.e_phoff} + n * sizeof(Elf32_Phdr));
        if (segment.p_type != PT_LOAD || segment.p_offset >= bytes.size()) continue;
        segments_.push_back({segment.p_vaddr + moved_by, bytes.substr(segment.p_offset, segment.p_filesz)});
    }
}

std::string_view CodeFile::at(uint32_t address, uint32_t bytes) const {
    for (const Segment& s : segments_)
        if (const uint32_t offset = address - s.address; address >= s.address && offset < s.bytes.size()) return s.bytes.substr(offset, bytes);
    return {};
}

}  // namespace tools
