// SPDX-License-Identifier: LGPL-2.1-or-later
// Asks Capstone.
#include "disassembler.hpp"

#include <capstone.h>

#include <cstdio>
#include <memory>

#include "error.hpp"

namespace tools {
namespace {

std::string text_of(const cs_insn& i) { return *i.op_str ? std::string{i.mnemonic} + " " + i.op_str : i.mnemonic; }

std::optional<uint32_t> target_of(csh handle, const cs_insn& i) {
    if (!cs_insn_group(handle, &i, CS_GRP_JUMP) && !cs_insn_group(handle, &i, CS_GRP_CALL)) return std::nullopt;
    const cs_x86& x86 = i.detail->x86;
    if (x86.op_count != 1 || x86.operands[0].type != X86_OP_IMM) return std::nullopt;
    return static_cast<uint32_t>(x86.operands[0].imm);
}

Instruction byte_at(uint32_t address, uint8_t value) {
    char text[16];
    std::snprintf(text, sizeof text, ".byte 0x%02x", value);
    return {address, 1, text, std::nullopt};
}

}  // namespace

Disassembler::Disassembler() {
    csh handle = 0;
    if (cs_open(CS_ARCH_X86, CS_MODE_32, &handle) != CS_ERR_OK) throw Failure{"Capstone", "cannot disassemble x86; install a libcapstone that can"};
    cs_option(handle, CS_OPT_DETAIL, CS_OPT_ON);
    handle_ = handle;
}

Disassembler::~Disassembler() {
    csh handle = handle_;
    cs_close(&handle);
}

std::vector<Instruction> Disassembler::disassemble(std::string_view code, uint32_t address) const {
    const std::unique_ptr<cs_insn, void (*)(cs_insn*)> found{cs_malloc(handle_), [](cs_insn* i) { cs_free(i, 1); }};
    std::vector<Instruction> all;
    const auto* at = reinterpret_cast<const uint8_t*>(code.data());
    size_t left = code.size();
    uint64_t next = address;
    while (left > 0) {
        if (cs_disasm_iter(handle_, &at, &left, &next, found.get())) {
            all.push_back({static_cast<uint32_t>(found->address), found->size, text_of(*found), target_of(handle_, *found)});
            continue;
        }
        all.push_back(byte_at(static_cast<uint32_t>(next), *at));
        ++at, --left, ++next;
    }
    return all;
}

}  // namespace tools
