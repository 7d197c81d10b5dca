// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads what the guest writes to the two ports of mm/protocol.hpp. A malformed command is reported, never obeyed in part.
#pragma once

#include <string>
#include <vector>

#include "mm/protocol.hpp"

namespace plugin {

// A well-formed command. Which members mean something depends on `op`; see mm::protocol::Op.
struct GuestCommand {
    mm::protocol::Op op{};
    uint32_t operand = 0;       // version, node, span id, mark, failure count, flush reason or page-table event
    uint64_t start = 0, end = 0;  // zone: frames; region: linear addresses, end at most 4 GiB; exclusive. page_table: one frame
    uint32_t present_pages = 0;
    std::string name;           // of the guest, zone, region, symbols file or span
};

class PortProtocol {
public:
    enum class Outcome { nothing, command, error };

    static bool listens(uint16_t port) { return port == mm::protocol::command_port || port == mm::protocol::argument_port; }

    // Takes one write of `length` bytes. `command` or `error` is then set, until the next write.
    Outcome write(uint16_t port, unsigned length, uint32_t value);

    const std::vector<uint32_t>& arguments() const { return arguments_; }  // of a command that is yet to come
    const GuestCommand& command() const { return command_; }
    const std::string& error() const { return last_error_; }

private:
    Outcome complete(uint32_t word);
    std::string name_from(size_t first) const;

    std::vector<uint32_t> arguments_;
    bool overflowed_ = false;
    GuestCommand command_;
    std::string error_, last_error_;
};

}  // namespace plugin
