// SPDX-License-Identifier: LGPL-2.1-or-later
// What `annotate` prints: functions with what their instructions walked, faulted and flushed, and the instructions beside it.
//
//   Statistics, InstructionShares --functions_of--> AnnotatedFunction --CodeView--> AnnotatedLine, one an instruction
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "code_file.hpp"
#include "disassembler.hpp"
#include "instruction_shares.hpp"
#include "source_lines.hpp"
#include "statistics.hpp"

namespace tools {

enum class SortKey : uint8_t { walks, cycles, faults, flushes, address };
inline const std::vector<std::string> sort_keys = {"walks", "cycles", "faults", "flushes", "address"};

struct AnnotatedFunction {
    ShareStatistics share;                       // named; the sum of its instructions
    uint32_t start{}, bytes{};                   // bytes 0: nothing names this code ([user], [lowmem])
    size_t symbol = Symbols::none;               // its number among the symbols
    std::vector<InstructionShare> instructions;  // that something is counted for, by address
};

// `more` to what is there.
void add(ShareStatistics& into, const ShareStatistics& more);

// All functions that something is counted for, and what is counted for nobody: those add up to the whole recording.
struct Annotation {
    std::vector<AnnotatedFunction> functions;    // the largest first
    ShareStatistics elsewhere;                   // events that have no instruction, and those of `beyond`
    ShareStatistics beyond;                      // of instructions that there was no room for
    ShareStatistics total;
};

// Takes the shares out of `shares`. Sorted by the first profile.
[[nodiscard]] Annotation annotation_of(const Statistics& s, const Symbols& symbols, InstructionShares& shares, SortKey key);

// The functions of that name, or the one that holds 0xADDRESS, counted or not. Throws InputError, with similar names, if there is none.
[[nodiscard]] std::vector<AnnotatedFunction> find_functions(const Annotation& a, const Symbols& symbols, const std::string& name, size_t profiles);

// One instruction of a function. Without code there is a line for each that something is counted for.
struct AnnotatedLine {
    Instruction instruction;                     // no text: its code is not known
    std::string target;                          // "schedule+0x1c", where it jumps to
    std::optional<SourceLine> source;
    std::string source_text;                     // of that line; empty if the file is not there
    std::optional<ShareStatistics> share;        // if something is counted
};

// Reads code and DWARF when they are first asked for, of each file once.
class CodeView final {
public:
    // `kernel_code`: where the kernel's code is, if not in the file that its functions' names are from.
    explicit CodeView(const Symbols& symbols, std::filesystem::path kernel_code = {}) : symbols_{symbols}, kernel_code_{std::move(kernel_code)} {}

    [[nodiscard]] std::vector<AnnotatedLine> lines(const AnnotatedFunction& f);
    // Why there is none, and what to do; empty if there is.
    [[nodiscard]] std::string why_no_code(const AnnotatedFunction& f);

private:
    struct File {
        CodeFile code;
        SourceLines lines;
        File(const std::filesystem::path& of_code, const std::filesystem::path& of_lines, uint32_t moved_by) : code{of_code, moved_by}, lines{of_lines, moved_by} {}
    };
    File& file_of(const AnnotatedFunction& f);
    std::string_view code_of(const AnnotatedFunction& f);
    void add_source(std::vector<AnnotatedLine>& lines, const AnnotatedFunction& f);

    const Symbols& symbols_;
    const std::filesystem::path kernel_code_;
    const Disassembler disassembler_;
    std::map<std::filesystem::path, File> files_;
    SourceText text_;
};

}  // namespace tools
