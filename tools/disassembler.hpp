// SPDX-License-Identifier: LGPL-2.1-or-later
// Instructions as text, by Capstone.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tools {

struct Instruction {
    uint32_t address{};
    uint32_t bytes{};
    std::string text;                 // "mov eax, dword ptr [ebx + 4]"
    std::optional<uint32_t> target;   // of a jump or a call that says where to
};

// For 32-bit code, in Intel's syntax.
class Disassembler final {
public:
    Disassembler();
    ~Disassembler();
    Disassembler(const Disassembler&) = delete;
    Disassembler& operator=(const Disassembler&) = delete;

    // All of it in order, without gaps: what is no instruction is a byte.
    [[nodiscard]] std::vector<Instruction> disassemble(std::string_view code, uint32_t address) const;

private:
    size_t handle_ = 0;
};

}  // namespace tools
