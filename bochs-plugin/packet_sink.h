// SPDX-License-Identifier: LGPL-2.1-or-later
// Who takes finished packets: a file, or the thread that writes to one.
#pragma once

#include <stddef.h>

#include <memory>

#include "mm/trace.hpp"

namespace plugin {

struct Packet {
    size_t bytes = 0;
    uint8_t content[mm::trace::max_packet_bytes];
};

class PacketSink {
public:
    virtual ~PacketSink() = default;

    // Takes the packet and leaves another one to be filled. False: this write or an earlier one has failed; nothing more is written.
    [[nodiscard]] virtual bool take(std::unique_ptr<Packet>&) = 0;
};

}  // namespace plugin
