// SPDX-License-Identifier: LGPL-2.1-or-later
// A function's instructions, with their counts and their source lines beside them.
#include <algorithm>

#include "annotation.hpp"

namespace tools {
namespace {

constexpr uint32_t longest_function = 1 << 20;  // bytes: longer ones are a symbol table's mistake

// The fetch of an instruction that crosses a page is told by where it went: to the second page's first byte.
bool goes_on_at(const Instruction& i, uint32_t ip) { return mm::offset_in_page(mm::VirtAddr{ip}) == 0 && ip - i.address < i.bytes && ip != i.address; }

}  // namespace

CodeView::File& CodeView::file_of(const AnnotatedFunction& f) {
    const Symbols::File& file = symbols_.file(f.symbol);
    const bool elsewhere = !kernel_code_.empty() && !symbols_.is_program(f.symbol);
    return files_.try_emplace(file.path, elsewhere ? kernel_code_ : file.path, file.path, file.moved_by).first->second;
}

std::string_view CodeView::code_of(const AnnotatedFunction& f) {
    return f.symbol == Symbols::none ? std::string_view{} : file_of(f).code.at(f.start, std::min(f.bytes, longest_function));
}

std::string CodeView::why_no_code(const AnnotatedFunction& f) {
    if (f.symbol == Symbols::none) return "no code: no symbol names it; give the ELF file of what runs there with --symbols";
    if (!code_of(f).empty()) return {};
    const std::string path = symbols_.file(f.symbol).path.string();
    return file_of(f).code.empty() ? "no code: " + path + " has names only; give --symbols vmlinux, or the kernel's image with --code"
                                   : "no code: " + path + " has none at this address";
}

std::vector<AnnotatedLine> CodeView::lines(const AnnotatedFunction& f) {
    std::vector<AnnotatedLine> all;
    for (Instruction& i : disassembler_.disassemble(code_of(f), f.start)) {
        AnnotatedLine line;
        if (i.target) line.target = symbols_.at(*i.target);
        line.instruction = std::move(i);
        all.push_back(std::move(line));
    }
    for (const InstructionShare& counted : f.instructions) {
        auto at = std::lower_bound(all.begin(), all.end(), counted.ip, [](const AnnotatedLine& l, uint32_t ip) { return l.instruction.address < ip; });
        if (at != all.begin() && goes_on_at(std::prev(at)->instruction, counted.ip)) --at;
        else if (at == all.end() || at->instruction.address != counted.ip) {
            // The guest ran other code than the file has: Linux patches its own.
            at = all.emplace(at);
            at->instruction.address = counted.ip;
        }
        if (at->share) add(*at->share, counted.share);
        else at->share = counted.share;
    }
    if (f.symbol != Symbols::none) add_source(all, f);
    return all;
}

void CodeView::add_source(std::vector<AnnotatedLine>& lines, const AnnotatedFunction& f) {
    const SourceLines& known = file_of(f).lines;
    if (known.empty()) return;
    for (AnnotatedLine& line : lines) {
        line.source = known.at(line.instruction.address);
        if (line.source) line.source_text = text_.at(*line.source, symbols_.file(f.symbol).path);
    }
}

}  // namespace tools
