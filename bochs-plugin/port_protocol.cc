// SPDX-License-Identifier: LGPL-2.1-or-later
// The guest's commands, checked.
#include "port_protocol.h"

namespace plugin {

using namespace mm::protocol;

PortProtocol::Outcome PortProtocol::write(uint16_t port, unsigned length, uint32_t value) {
    if (length != 4) return last_error_ = "a write of " + std::to_string(length) + " bytes to a protocol port: 4 are due", Outcome::error;
    if (port == command_port) return complete(value);
    if (arguments_.size() < max_arguments) arguments_.push_back(value);
    else overflowed_ = true;
    return Outcome::nothing;
}

// Bytes up to the first NUL; control characters, which no name has, become '?'.
std::string PortProtocol::name_from(size_t first) const {
    std::string name;
    for (size_t word = first; word < arguments_.size(); ++word)
        for (unsigned shift = 0; shift < 32; shift += 8) {
            const char c = static_cast<char>(arguments_[word] >> shift & 0xFF);
            if (c == 0) return name;
            name += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
        }
    return name;
}

PortProtocol::Outcome PortProtocol::complete(uint32_t word) {
    const Op op = op_of(word);
    size_t needed = 0;   // argument words, the name's first included
    bool named = false;
    switch (op) {
    case Op::hello: needed = 0, named = true; break;
    case Op::zone: needed = 4, named = true; break;
    case Op::region: needed = 3, named = true; break;
    case Op::symbols:
    case Op::span_name: needed = 1, named = true; break;
    case Op::span_begin:
    case Op::span_end:
    case Op::mark:
    case Op::result:
    case Op::flush_reason: break;
    case Op::page_table: needed = 1; break;
    default: error_ = "unknown command " + std::to_string(word >> 24);
    }
    command_ = GuestCommand{};
    command_.op = op;
    command_.operand = operand_of(word);
    if (error_.empty() && overflowed_) error_ = "more than " + std::to_string(max_arguments) + " argument words";
    if (error_.empty() && arguments_.size() < needed)
        error_ = "command " + std::to_string(word >> 24) + " has " + std::to_string(arguments_.size()) + " argument words, " + std::to_string(needed) + " are due";
    if (error_.empty()) {
        if (named) command_.name = name_from(op == Op::zone ? 3 : op == Op::region ? 2 : 0);
        if (op == Op::zone || op == Op::region) command_.start = arguments_[0], command_.end = arguments_[1];
        if (op == Op::zone) command_.present_pages = arguments_[2];
        if (op == Op::region && command_.end == 0) command_.end = uint64_t{1} << 32;
        if (op == Op::page_table) command_.start = arguments_[0], command_.end = command_.start + 1;
        if (command_.end < command_.start) error_ = "'" + command_.name + "' ends before it starts";
        const bool span = op == Op::span_name || op == Op::span_begin || op == Op::span_end;
        if (span && command_.operand >= max_span_names) error_ = "span id " + std::to_string(command_.operand) + " is not below " + std::to_string(max_span_names);
        if (op == Op::flush_reason && command_.operand >= flush_reasons) error_ = "unknown flush reason " + std::to_string(command_.operand);
        if (op == Op::page_table && command_.operand >= page_table_events) error_ = "unknown page-table event " + std::to_string(command_.operand);
        if (op == Op::hello && command_.operand != version) error_ = "the guest speaks protocol version " + std::to_string(command_.operand) + ", not " + std::to_string(version);
    }
    arguments_.clear();
    overflowed_ = false;
    if (error_.empty()) return Outcome::command;
    last_error_ = error_;
    return error_.clear(), Outcome::error;
}

}  // namespace plugin
