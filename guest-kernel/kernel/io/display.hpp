// SPDX-License-Identifier: LGPL-2.1-or-later
// The Bochs display adapter, which QEMU has too (-vga std): modes with a linear frame buffer. Nothing is drawn with it here;
// it is device memory to map.
// Source: Bochs 3.0 iodev/display/vga.cc and the VBE DISPI interface that it implements (ports 0x1CE, 0x1CF).
#pragma once

#include "guest-kernel/mm/maybe.hpp"
#include "mm/addr.hpp"

namespace guest {

struct FrameBuffer {
    mm::PhysAddr at;
    uint32_t bytes;
};

// Where the adapter's memory is: the PCI function's first base address, or, without one, where the interface puts it by
// default. Nothing if there is no such adapter.
Maybe<FrameBuffer> find_frame_buffer();

// While it lives the adapter is in a mode of 32-bit pixels in the linear frame buffer, whose memory answers only then;
// then it is back in text mode. Assumes an adapter, and that no other mode is on.
class DisplayMode final {
public:
    DisplayMode(uint16_t width, uint16_t height);
    ~DisplayMode();
    DisplayMode(const DisplayMode&) = delete;
    DisplayMode& operator=(const DisplayMode&) = delete;
};

}  // namespace guest
