// SPDX-License-Identifier: LGPL-2.1-or-later
// Speaks the floppy controller's command, execution and result phases.
#include "guest-kernel/kernel/io/floppy_controller.hpp"

#include "guest-kernel/kernel/io/isa_dma.hpp"
#include "guest-kernel/kernel/irq.hpp"

namespace guest {
namespace {

constexpr unsigned line = 6;
constexpr uint16_t digital_output = 0x3F2, main_status = 0x3F4, fifo = 0x3F5, data_rate = 0x3F7;
constexpr uint8_t not_reset = 0x04, dma_and_interrupts = 0x08, motor_of_drive_0 = 0x10;
constexpr uint8_t request_for_master = 0x80, to_processor = 0x40;
constexpr uint8_t rate_500_kbit = 0;
constexpr uint32_t patience = 100'000;

enum Command : uint8_t {
    specify = 0x03,
    recalibrate = 0x07,
    sense_interrupt = 0x08,
    seek_to = 0x0F,
    write_data = 0xC5,
    read_data = 0xE6,
};
constexpr uint8_t sector_512 = 2, gap = 0x1B, no_length = 0xFF;
constexpr uint8_t step_3ms_unload_240ms = 0xDF, load_16ms_with_dma = 0x02;

constexpr uint8_t status_0_code = 0xC0, status_0_seek_end = 0x20;  // code 0: normal termination

bool wait_for(uint8_t direction) {
    for (uint32_t i = 0; i < patience; ++i)
        if ((in8(main_status) & (request_for_master | to_processor)) == (request_for_master | direction)) return true;
    return false;
}

}  // namespace

bool FloppyController::send(uint8_t byte) {
    if (!wait_for(0)) return false;
    out8(fifo, byte);
    return true;
}

Maybe<uint8_t> FloppyController::receive() {
    if (!wait_for(to_processor)) return {};
    return in8(fifo);
}

void FloppyController::await_interrupt() {
    while (!interrupted_) sleep(sleeper_);
}

// After a seek, or a reset: what the interrupt was for.
bool FloppyController::end_movement(uint8_t cylinder) {
    if (!command(sense_interrupt)) return false;
    const Maybe<uint8_t> status = receive(), at = receive();
    return status && at && (*status & (status_0_code | status_0_seek_end)) == status_0_seek_end && *at == cylinder;
}

bool FloppyController::start() {
    set_interrupt_handler(line, [](void* context) {
        auto& me = *static_cast<FloppyController*>(context);
        me.interrupted_ = true;
        wake_all(me.sleeper_);
    }, this);
    unmask_line(line);
    expect_interrupt();
    out8(digital_output, 0);
    out8(digital_output, not_reset | dma_and_interrupts | motor_of_drive_0);
    await_interrupt();
    for (unsigned drive = 0; drive < 4; ++drive)  // the reset is an event of each of the four possible drives
        if (!command(sense_interrupt) || !receive() || !receive()) return mask_line(line), false;
    out8(data_rate, rate_500_kbit);
    expect_interrupt();
    bool good = command(specify, step_3ms_unload_240ms, load_16ms_with_dma) && command(recalibrate, 0);
    if (good) await_interrupt();
    good = good && end_movement(0);
    mask_line(line);
    return good;
}

bool FloppyController::seek(uint8_t cylinder, uint8_t head) {
    expect_interrupt();
    if (!command(seek_to, head << 2, cylinder)) return false;
    await_interrupt();
    return end_movement(cylinder);
}

bool FloppyController::transfer(Direction direction, uint32_t sector, uint32_t count, mm::PhysAddr memory) {
    const FloppyPlace at = FloppyPlace::of(sector);
    unmask_line(line);
    bool good = seek(at.cylinder, at.head);
    start_floppy_dma({static_cast<uint32_t>(memory.raw), count * 512}, direction == Direction::read);
    expect_interrupt();
    // Both commands go on to the other head; the DMA controller's terminal count ends them.
    good = good && command(direction == Direction::read ? read_data : write_data, at.head << 2, at.cylinder, at.head, at.sector,
                           sector_512, FloppyPlace::sectors_per_track, gap, no_length);
    if (good) await_interrupt();
    const Maybe<uint8_t> status = good ? receive() : Maybe<uint8_t>{};
    for (unsigned rest = 0; status && rest < 6; ++rest) good = static_cast<bool>(receive()) && good;
    mask_line(line);
    return good && status && (*status & status_0_code) == 0;
}

}  // namespace guest
