// SPDX-License-Identifier: LGPL-2.1-or-later
// Drives one IDE channel.
#include "guest-kernel/kernel/io/ide_channel.hpp"

#include "guest-kernel/arch/port.hpp"
#include "guest-kernel/kernel/irq.hpp"
#include "guest-kernel/kernel/memory.hpp"

namespace guest {
namespace {

constexpr uint8_t no_interrupts = 0x02;        // nIEN, of the device control register
constexpr uint8_t floating_bus = 0xFF;
constexpr uint32_t patience = 4'000'000;       // status reads: seconds in every machine
constexpr uint32_t words_per_page = mm::page_size / 2;

const DrivePath& path_of(const BlockRequest& r) { return *static_cast<const DrivePath*>(r.device->driver); }

ata::Command command_for(const BlockRequest& r) {
    if (path_of(r).dma) return r.direction == Direction::read ? ata::Command::read_dma : ata::Command::write_dma;
    return r.direction == Direction::read ? ata::Command::read_multiple : ata::Command::write_multiple;
}

uint8_t select(Drive d) { return d == Drive::slave ? ata::device_lba | ata::device_slave : ata::device_lba; }

}  // namespace

// Reading the status also takes the drive's interrupt back.
uint8_t IdeChannel::status() const { return in8(static_cast<uint16_t>(ports_.command + ata::status)); }

bool IdeChannel::wait_ready() const {
    for (uint32_t i = 0; i < patience; ++i)
        if (!(in8(ports_.control) & ata::status_busy)) return true;
    return false;
}

// A command without blocks to number; true if the drive carried it out.
bool IdeChannel::execute(ata::Command c, Drive drive) {
    const auto port = [this](uint16_t offset) { return static_cast<uint16_t>(ports_.command + offset); };
    out8(port(ata::device), select(drive));
    if (status() == floating_bus || !wait_ready()) return false;
    out8(port(ata::sector_count), sectors_per_page);  // SET MULTIPLE's argument; IDENTIFY has none
    out8(port(ata::lba_low), 0);
    out8(port(ata::lba_mid), 0);
    out8(port(ata::lba_high), 0);
    out8(port(ata::command), static_cast<uint8_t>(c));
    if (status() == 0 || !wait_ready()) return false;
    const uint8_t s = status();
    return s != 0 && (s & (ata::status_error | ata::status_fault)) == 0;
}

bool IdeChannel::identify(Drive drive, ata::Identity& out) {
    out8(ports_.control, no_interrupts);
    bool good = execute(ata::Command::identify, drive) && (status() & ata::status_data_request) != 0;
    if (good) {
        in_words(static_cast<uint16_t>(ports_.command + ata::data), &out, sizeof out / 2);
        good = (out.capabilities & ata::Identity::has_lba) != 0 && (out.most_multiple & 0xFF) >= sectors_per_page &&
               execute(ata::Command::set_multiple, drive);
    }
    out8(ports_.control, 0);
    return good;
}

void IdeChannel::connect() {
    set_interrupt_handler(ports_.line, [](void* channel) { static_cast<IdeChannel*>(channel)->service(); }, this);
}

void IdeChannel::queue(BlockRequest& r) {
    r.next = nullptr;
    if (first_) last_->next = &r;
    else first_ = &r;
    last_ = &r;
    start_next();
}

// The line is unmasked only while an interrupt is wanted: see irq.hpp.
void IdeChannel::start_next() {
    while (!active_ && first_) {
        active_ = first_;
        first_ = first_->next;
        moved_ = 0;
        if (active_->polled) mask_line(ports_.line);
        else unmask_line(ports_.line);
        if (!start(*active_)) finish(IoStatus::device_error);
    }
    if (!active_) mask_line(ports_.line);
}

bool IdeChannel::start(BlockRequest& r) {
    const auto port = [this](uint16_t offset) { return static_cast<uint16_t>(ports_.command + offset); };
    const DrivePath& path = path_of(r);
    const uint32_t sector = r.block * sectors_per_page;
    out8(port(ata::device), static_cast<uint8_t>(select(path.drive) | (sector >> 24 & 0xF)));
    if (!wait_ready()) return false;
    if (path.dma) set_up_master(r);
    out8(port(ata::sector_count), static_cast<uint8_t>(r.pages * sectors_per_page));  // 0 is 256
    out8(port(ata::lba_low), static_cast<uint8_t>(sector));
    out8(port(ata::lba_mid), static_cast<uint8_t>(sector >> 8));
    out8(port(ata::lba_high), static_cast<uint8_t>(sector >> 16));
    out8(port(ata::command), static_cast<uint8_t>(command_for(r)));
    if (path.dma) {
        const uint8_t direction = r.direction == Direction::read ? ata::master_to_memory : 0;
        out8(static_cast<uint16_t>(bus_master_ + ata::master_command), direction | ata::master_start);
    } else if (r.direction == Direction::write) {
        if (!wait_ready()) return false;
        if (in8(ports_.control) & ata::status_data_request) move_page(r);  // the first comes without an interrupt
    }
    return true;
}

void IdeChannel::set_up_master(const BlockRequest& r) {
    for (uint32_t i = 0; i < r.pages; ++i) {
        const uint64_t address = mm::address(r.targets[i]).raw;
        require(address >> 32 == 0, "the bus master has 32 address bits: the page should have been bounced");
        regions_[i] = {static_cast<uint32_t>(address), mm::page_size, i + 1 == r.pages ? ata::MemoryRegion::last : uint16_t{0}};
    }
    out32(static_cast<uint16_t>(bus_master_ + ata::master_table), static_cast<uint32_t>(physical(regions_).raw));
    out8(static_cast<uint16_t>(bus_master_ + ata::master_status), ata::master_error | ata::master_interrupt);
    out8(static_cast<uint16_t>(bus_master_ + ata::master_command), r.direction == Direction::read ? ata::master_to_memory : 0);
}

void IdeChannel::service() {
    if (!active_) return static_cast<void>(status());
    if (path_of(*active_).dma) service_dma();
    else service_pio();
}

// Interrupt and active together: the drive ended before the table did (82371SB datasheet, 2.7.2).
void IdeChannel::service_dma() {
    const auto port = [this](uint16_t offset) { return static_cast<uint16_t>(bus_master_ + offset); };
    const uint8_t master = in8(port(ata::master_status));
    if (!(master & ata::master_interrupt)) return;
    out8(port(ata::master_command), 0);
    const uint8_t drive = status();
    out8(port(ata::master_status), ata::master_error | ata::master_interrupt);
    const bool good = !(drive & (ata::status_error | ata::status_fault)) && !(master & (ata::master_error | ata::master_active));
    finish(good ? IoStatus::done : IoStatus::device_error);
}

void IdeChannel::service_pio() {
    BlockRequest& r = *active_;
    const uint8_t drive = status();
    if (drive & ata::status_busy) return;
    if (drive & (ata::status_error | ata::status_fault)) return finish(IoStatus::device_error);
    if (moved_ < r.pages && (drive & ata::status_data_request)) move_page(r);
    else if (moved_ < r.pages) return;
    else return finish(IoStatus::done);  // a write, whose last page the drive has taken
    if (r.direction == Direction::read && moved_ == r.pages) finish(IoStatus::done);
}

void IdeChannel::move_page(BlockRequest& r) {
    const mm::Pfn frame = r.targets[moved_++];
    const mm::VirtAddr at = kmap_atomic().map(frame, KmapType::irq0);
    auto* const page = reinterpret_cast<void*>(at.raw);
    const auto port = static_cast<uint16_t>(ports_.command + ata::data);
    if (r.direction == Direction::read) in_words(port, page, words_per_page);
    else out_words(port, page, words_per_page);
    if (frame >= direct_map_end) ++kmaps_;
    kmap_atomic().unmap(at, KmapType::irq0);
}

// The callback may queue the next request, which then starts at once.
void IdeChannel::finish(IoStatus result) {
    BlockRequest& r = *active_;
    active_ = nullptr;
    complete(r, result);
    start_next();
}

}  // namespace guest
