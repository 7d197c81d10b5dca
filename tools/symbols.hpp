// SPDX-License-Identifier: LGPL-2.1-or-later
// Names of a guest's functions by linear address, from the symbol table of its 32-bit ELF file or from a list of its symbols.
#pragma once

#include <stdint.h>

#include <filesystem>
#include <string>
#include <vector>

#include "run_info.hpp"

namespace tools {

inline constexpr char symbols_file[] = "symbols";  // in a trace's hidden directory: the copy of what `record` was given

class Symbols final {
public:
    Symbols() = default;
    // No names if the file cannot be read, or is no such file: an address is then all that a report has.
    // `moved_by` is added to its addresses.
    explicit Symbols(const std::filesystem::path& file, uint32_t moved_by = 0);
    // Adds a ring-3 program's functions. Programs have addresses of their own, or cannot be told from each other.
    void add_program(const std::filesystem::path& elf);

    [[nodiscard]] size_t count() const { return functions_.size(); }
    [[nodiscard]] bool empty() const { return functions_.empty(); }

    // The number of the function that holds the address, or none: of a program, if it ran at CPL 3. Its start, size and name.
    static constexpr size_t none = SIZE_MAX;
    [[nodiscard]] size_t find(uint32_t address, bool user = false) const;
    [[nodiscard]] uint32_t start(size_t function) const { return functions_[function].start; }
    [[nodiscard]] uint32_t size(size_t function) const { return functions_[function].size; }
    [[nodiscard]] bool is_program(size_t function) const { return function >= kernel_functions_; }
    [[nodiscard]] std::string name(size_t function) const;

    // Where they are from: the first one is the kernel's.
    struct File {
        std::filesystem::path path;
        uint32_t moved_by;
    };
    [[nodiscard]] const std::vector<File>& files() const { return files_; }
    [[nodiscard]] const File& file(size_t function) const { return files_[functions_[function].file]; }

    // "guest::flush_all+0x1f"; empty if no function is known to hold the address.
    [[nodiscard]] std::string at(uint32_t address) const;

    // The numbers of the functions of this name: as in the table, or as at() gives it. Where they begin.
    [[nodiscard]] std::vector<size_t> named(const std::string& name) const;
    [[nodiscard]] std::vector<uint32_t> find(const std::string& name) const;

    // Names that have this text in them, the shortest first, at most so many: for messages.
    [[nodiscard]] std::vector<std::string> similar_to(const std::string& text, size_t most) const;

private:
    void read_elf(const std::string& bytes);
    void read_map(const std::string& text);

    struct Function {
        uint32_t start, size;
        std::string name;
        uint32_t file = 0;
    };
    static bool by_address(const Function& a, const Function& b) { return a.start < b.start; }
    void add_labels(std::vector<Function> labels);
    std::vector<File> files_;
    std::vector<Function> functions_;  // the kernel's by address, then those of programs by address
    size_t kernel_functions_ = 0;
};

// Those that a recording has with it, or of the kernel that it names, if it is still the one that was recorded.
[[nodiscard]] Symbols symbols_of(const std::filesystem::path& trace_directory, const RunInfo& run);

// Those of the file that the user gave to --symbols, or, without one, the recording's. Throws InputError if the file has none.
[[nodiscard]] Symbols symbols_in(const std::filesystem::path& file, uint32_t moved_by = 0);
[[nodiscard]] Symbols chosen_symbols(const std::string& file, const std::filesystem::path& trace_directory, const RunInfo& run);

}  // namespace tools
