// SPDX-License-Identifier: LGPL-2.1-or-later
// The floppy controller (Intel 82077AA datasheet, chapters 2 and 5): commands byte by byte, results byte by byte, and an
// interrupt on line 6 when a command has moved something.
#pragma once

#include "guest-kernel/kernel/io/block.hpp"
#include "guest-kernel/mm/maybe.hpp"

namespace guest {

// Where a sector is on a 3.5 inch disk of 1.44 MB.
struct FloppyPlace {
    uint8_t cylinder, head, sector;  // sectors count from 1

    static constexpr uint32_t sectors_per_track = 18, heads = 2, cylinders = 80;
    static constexpr uint32_t sectors_per_cylinder = sectors_per_track * heads;

    static constexpr FloppyPlace of(uint32_t sector) {
        return {static_cast<uint8_t>(sector / sectors_per_cylinder),
                static_cast<uint8_t>(sector % sectors_per_cylinder / sectors_per_track),
                static_cast<uint8_t>(sector % sectors_per_track + 1)};
    }
};
static_assert(FloppyPlace::of(0).sector == 1 && FloppyPlace::of(17).sector == 18 && FloppyPlace::of(18).head == 1);
static_assert(FloppyPlace::of(36).cylinder == 1 && FloppyPlace::of(2879).cylinder == 79);

class FloppyController final {
public:
    // Resets it, sets it up for drive 0 and moves the heads to cylinder 0; false if it does not answer.
    [[nodiscard]] bool start();

    // Moves sectors of one cylinder to or from memory that ISA DMA reaches. Sleeps. False if the drive reports an error.
    [[nodiscard]] bool transfer(Direction direction, uint32_t sector, uint32_t count, mm::PhysAddr memory);

private:
    bool send(uint8_t byte);
    template <class... Bytes>
    bool command(Bytes... bytes) { return (send(static_cast<uint8_t>(bytes)) && ...); }
    Maybe<uint8_t> receive();
    void expect_interrupt() { interrupted_ = false; }
    void await_interrupt();
    bool end_movement(uint8_t cylinder);
    bool seek(uint8_t cylinder, uint8_t head);

    bool interrupted_ = false;
    WaitQueue sleeper_{};
};

}  // namespace guest
