// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads ELF symbol tables (System V ABI, chapters 4 and 5), and lists such as Linux' System.map.
#include "symbols.hpp"

#include <cxxabi.h>
#include <elf.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>

#include "error.hpp"
#include "paths.hpp"
#include "printable.hpp"

namespace tools {
namespace {

namespace fs = std::filesystem;

constexpr uint32_t last_function_bytes = 4096;  // of a map, which does not say

std::string bytes_of(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    std::ostringstream bytes;
    bytes << in.rdbuf();
    return std::move(bytes).str();
}

// The n-th structure of an array in the file, zeros where the file ends.
template <class T>
T read_at(const std::string& bytes, uint64_t offset) {
    T value{};
    if (offset + sizeof value <= bytes.size()) std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

constexpr uint64_t most_name_bytes = 4;  // of all symbols, a byte of the file: names may share their ends

std::string text_at(const std::string& bytes, uint64_t offset) {
    return offset < bytes.size() ? std::string{bytes.c_str() + offset} : std::string{};
}

// "guest::Space<guest::UserMachine>::unmap" of the same with its parameters: a table has no room for these.
std::string without_parameters(const std::string& name) {
    size_t at = name.rfind(')');
    if (at == std::string::npos) return name;
    for (unsigned depth = 1; at > 0 && depth > 0;) {
        --at;
        if (name[at] == ')') ++depth;
        else if (name[at] == '(') --depth;
    }
    return name.substr(0, at);
}

std::string demangled(const std::string& name) {
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> text{abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status), &std::free};
    return status == 0 ? without_parameters(text.get()) : name;
}

// Our kernel's programs, if they are still those that were recorded. In the order of their names, so that all runs agree.
void add_programs(Symbols& symbols, const fs::path& directory, fs::file_time_type recorded) {
    std::error_code error;
    std::vector<fs::path> files;
    for (fs::directory_iterator entries{directory, error}, end; !error && entries != end; entries.increment(error))
        if (const fs::path& file = entries->path(); file.extension() == ".elf" && file.filename().string().rfind("test-", 0) != 0) files.push_back(file);
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files)
        if (const auto built = fs::last_write_time(file, error); !error && built <= recorded) symbols.add_program(file);
}

}  // namespace

Symbols::Symbols(const fs::path& file, uint32_t moved_by) {
    const std::string bytes = bytes_of(file);
    if (bytes.compare(0, SELFMAG, ELFMAG) == 0) read_elf(bytes);
    else read_map(bytes);
    for (Function& f : functions_) f.start += moved_by;
    std::sort(functions_.begin(), functions_.end(), by_address);
    kernel_functions_ = functions_.size();
    files_.push_back({file, moved_by});
}

void Symbols::add_program(const fs::path& elf) {
    const Symbols program{elf};
    if (files_.empty()) files_.emplace_back();
    for (Function f : program.functions_) {
        f.file = static_cast<uint32_t>(files_.size());
        functions_.push_back(std::move(f));
    }
    files_.push_back({elf, 0});
    std::sort(functions_.begin() + static_cast<ptrdiff_t>(kernel_functions_), functions_.end(), by_address);
}

// Lines as nm prints them, "c1000000 T startup_32". A function ends where the next one begins.
void Symbols::read_map(const std::string& text) {
    if (text.find('\0') != std::string::npos) return;  // no text: what looks like a line in it is none
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);) {
        unsigned start = 0;
        char type = 0, name[256];
        if (std::sscanf(line.c_str(), "%x %c %255s", &start, &type, name) == 3 && std::strchr("tTwW", type)) functions_.push_back({start, 0, printable(name), 0});
    }
    std::sort(functions_.begin(), functions_.end(), by_address);
    for (size_t i = 0; i < functions_.size(); ++i) functions_[i].size = i + 1 < functions_.size() ? functions_[i + 1].start - functions_[i].start : last_function_bytes;
}

// An ELF file has one table of symbols. Of one whose names are together longer than the file could hold, sharing ends, nothing is taken.
void Symbols::read_elf(const std::string& bytes) {
    const auto header = read_at<Elf32_Ehdr>(bytes, 0);
    if (header.e_ident[EI_CLASS] != ELFCLASS32) return;
    const auto section_at = [&](unsigned n) { return n < header.e_shnum ? read_at<Elf32_Shdr>(bytes, uint64_t{header.e_shoff} + n * sizeof(Elf32_Shdr)) : Elf32_Shdr{}; };
    std::vector<Function> labels;
    uint64_t name_bytes = 0;
    for (unsigned s = 0; s < header.e_shnum; ++s) {
        const Elf32_Shdr section = section_at(s);
        if (section.sh_type != SHT_SYMTAB) continue;
        const Elf32_Shdr names = section_at(section.sh_link);
        for (uint64_t at = 0; at + sizeof(Elf32_Sym) <= std::min<uint64_t>(section.sh_size, bytes.size()); at += sizeof(Elf32_Sym)) {
            const auto symbol = read_at<Elf32_Sym>(bytes, uint64_t{section.sh_offset} + at);
            const unsigned type = ELF32_ST_TYPE(symbol.st_info);
            const auto name = [&] {
                std::string text = printable(text_at(bytes, uint64_t{names.sh_offset} + symbol.st_name));
                name_bytes += text.size();
                return text;
            };
            if (type == STT_FUNC && symbol.st_size) functions_.push_back({symbol.st_value, symbol.st_size, name(), 0});
            if (type != STT_NOTYPE && type != STT_FUNC) continue;
            const Elf32_Shdr code = section_at(symbol.st_shndx);
            if (symbol.st_size == 0 && code.sh_flags & SHF_EXECINSTR && symbol.st_value - code.sh_addr < code.sh_size)
                labels.push_back({symbol.st_value, code.sh_size - (symbol.st_value - code.sh_addr), name(), 0});
            if (name_bytes > most_name_bytes * bytes.size()) return functions_.clear();
        }
        break;
    }
    add_labels(std::move(labels));
}

// Assembly whose author gave it no type and no size: a label ends where the next one, or a function, begins; `size` is up to its section's end.
void Symbols::add_labels(std::vector<Function> labels) {
    std::sort(functions_.begin(), functions_.end(), by_address);
    std::sort(labels.begin(), labels.end(), by_address);
    kernel_functions_ = functions_.size();  // for find()
    std::vector<Function> more;
    for (size_t n = 0; n < labels.size(); ++n) {
        Function& label = labels[n];
        if (label.name.empty() || find(label.start) != none || (n + 1 < labels.size() && labels[n + 1].start == label.start)) continue;
        const auto next = std::upper_bound(functions_.begin(), functions_.end(), label, by_address);
        if (next != functions_.end()) label.size = std::min(label.size, next->start - label.start);
        if (n + 1 < labels.size()) label.size = std::min(label.size, labels[n + 1].start - label.start);
        more.push_back(std::move(label));
    }
    functions_.insert(functions_.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

size_t Symbols::find(uint32_t address, bool user) const {
    const auto middle = functions_.begin() + static_cast<ptrdiff_t>(kernel_functions_);
    const auto first = user ? middle : functions_.begin(), last = user ? functions_.end() : middle;
    auto next = std::upper_bound(first, last, address, [](uint32_t a, const Function& f) { return a < f.start; });
    if (next == first) return none;
    --next;
    return address - next->start < next->size ? static_cast<size_t>(next - functions_.begin()) : none;
}

// Programs have functions of the same names: "fork:program_start".
std::string Symbols::name(size_t function) const {
    const std::string shown = demangled(functions_[function].name);
    return is_program(function) ? file(function).path.stem().string() + ":" + shown : shown;
}

std::string Symbols::at(uint32_t address) const {
    size_t function = find(address);
    if (function == none) function = find(address, true);
    if (function == none) return {};
    char offset[16];
    std::snprintf(offset, sizeof offset, "+0x%x", address - start(function));
    return name(function) + (address == start(function) ? "" : offset);
}

std::vector<size_t> Symbols::named(const std::string& name) const {
    std::vector<size_t> found;
    for (size_t n = 0; n < functions_.size(); ++n)
        if (functions_[n].name == name || demangled(functions_[n].name) == name || (is_program(n) && this->name(n) == name)) found.push_back(n);
    return found;
}

std::vector<uint32_t> Symbols::find(const std::string& name) const {
    std::vector<uint32_t> found;
    for (const size_t n : named(name))
        if (found.empty() || found.back() != start(n)) found.push_back(start(n));
    return found;
}

std::vector<std::string> Symbols::similar_to(const std::string& text, size_t most) const {
    std::vector<std::string> found;
    for (size_t n = 0; n < functions_.size(); ++n)
        if (std::string shown = name(n); shown.find(text) != std::string::npos) found.push_back(std::move(shown));
    std::sort(found.begin(), found.end(), [](const std::string& a, const std::string& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; });
    found.erase(std::unique(found.begin(), found.end()), found.end());
    if (found.size() > most) found.resize(most);
    return found;
}

Symbols symbols_of(const fs::path& trace_directory, const RunInfo& run) {
    const std::string& elf_name = run.symbols;
    if (elf_name.empty() || elf_name.find('/') != std::string::npos) return {};
    std::error_code error;
    if (const fs::path beside = trace_directory / hidden_directory / elf_name; fs::is_regular_file(beside, error))
        return Symbols{beside, static_cast<uint32_t>(run.symbols_moved_by)};
    const fs::path elf = paths().kernels / elf_name;
    const auto built = fs::last_write_time(elf, error);
    if (error) return {};
    const auto recorded = fs::last_write_time(trace_directory / hidden_directory / run_file, error);
    if (error || built > recorded) return {};
    Symbols symbols{elf};
    add_programs(symbols, paths().kernels / "programs", recorded);
    return symbols;
}

Symbols symbols_in(const fs::path& file, uint32_t moved_by) {
    Symbols given{file, moved_by};
    if (given.empty()) throw InputError{file.string(), "has no symbols of functions; give a 32-bit ELF file that is not stripped, or a System.map"};
    return given;
}

Symbols chosen_symbols(const std::string& file, const fs::path& trace_directory, const RunInfo& run) {
    return file.empty() ? symbols_of(trace_directory, run) : symbols_in(file, static_cast<uint32_t>(run.symbols_moved_by));
}

}  // namespace tools
