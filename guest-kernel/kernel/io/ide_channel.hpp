// SPDX-License-Identifier: LGPL-2.1-or-later
// One IDE channel: a command block, an interrupt line, perhaps a bus master, and a queue of requests for its two drives.
//
//   DMA    bus master told the frames' addresses -> command -> one interrupt: done. The processor touches no page.
//   PIO    command -> an interrupt per page: the processor moves it through an atomic kmap, in whichever process runs.
#pragma once

#include "guest-kernel/kernel/io/ata.hpp"
#include "guest-kernel/kernel/io/block.hpp"
#include "guest-kernel/mm/maybe.hpp"

namespace guest {

struct IdePorts {
    uint16_t command, control;
    uint8_t line;
};
inline constexpr IdePorts ide_channels[] = {{0x1F0, 0x3F6, 14}, {0x170, 0x376, 15}};

enum class Drive : uint8_t { master, slave };

class IdeChannel final {
public:
    explicit constexpr IdeChannel(IdePorts ports) : ports_{ports} {}

    // Its bus-master registers; without, the channel does PIO only.
    void set_bus_master(uint16_t port) { bus_master_ = port; }
    bool has_bus_master() const { return bus_master_ != 0; }

    // What the drive says it is, and prepares it for transfers of whole pages; nothing if it is no ATA disk.
    [[nodiscard]] bool identify(Drive drive, ata::Identity& out);

    // Registers the interrupt handler. Then requests may come: they are done in the order in which they were queued.
    void connect();
    void queue(BlockRequest& request);  // its device's driver is a DrivePath

    // What an interrupt does; without one, harmless.
    void service();

    uint32_t kmaps() const { return kmaps_; }  // that PIO took

private:
    uint8_t status() const;
    bool wait_ready() const;
    bool execute(ata::Command c, Drive drive);
    void start_next();
    bool start(BlockRequest& r);
    void set_up_master(const BlockRequest& r);
    void service_dma();
    void service_pio();
    void move_page(BlockRequest& r);
    void finish(IoStatus result);

    IdePorts ports_;
    uint16_t bus_master_ = 0;
    BlockRequest* active_ = nullptr;
    BlockRequest* first_ = nullptr;  // those that wait
    BlockRequest* last_ = nullptr;
    uint32_t moved_ = 0;             // pages of the active request, by PIO
    uint32_t kmaps_ = 0;
    alignas(256) ata::MemoryRegion regions_[max_request_pages]{};  // aligned to its size: it may cross no 64 KiB boundary
};

// What a block device of a drive is to the driver.
struct DrivePath {
    IdeChannel* channel;
    Drive drive;
    bool dma;
};

}  // namespace guest
