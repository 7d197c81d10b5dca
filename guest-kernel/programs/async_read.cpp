// SPDX-License-Identifier: LGPL-2.1-or-later
// async-dma and async-pio: a reader that sleeps while its own page is read, while its parent computes and so is
// the one whom the disk interrupts. What is measured, the interrupt's handling, the kernel marks.
#include "guest-kernel/runtime/program.hpp"
#include "guest-kernel/workload/spans.hpp"

namespace guest {
namespace {

constexpr uint32_t page_bytes = 4096, pages = 8, first_block = 100;
constexpr uint32_t done = 0x600D;

int read_pages(uint32_t reads, DiskWay way) {
    auto* const area = static_cast<uint32_t*>(map(pages * page_bytes));
    if (!mapped(area)) return 1;
    for (uint32_t i = 0; i < reads; ++i) {
        uint32_t* const page = area + i % pages * (page_bytes / 4);
        if (read_page(page, first_block + i, way) != 0) return 2;
        if (page[0] != first_block + i || page[1] != 0) return 3;
        page[1] = 1;
    }
    return 0;
}

// Tells the parent through the kernel's buffer that it may stop.
int reader(uint32_t reads, DiskWay way) {
    const int status = read_pages(reads, way);
    return write_buffer(&done, sizeof done, Buffer::lowmem) == sizeof done ? status : 5;
}

int compute_until_done(const char* child_program, uint32_t reads) {
    uint32_t word = 0;
    if (write_buffer(&word, sizeof word, Buffer::lowmem) != sizeof word) return 6;
    const int32_t child = spawn(child_program, reads);
    if (child < 0) return 7;
    while (word != done) {
        for (volatile uint32_t spin = 0; spin < 500; ++spin) {}
        if (yield() != 0 || read_buffer(&word, sizeof word, Buffer::lowmem) != sizeof word) return 8;
    }
    return wait(child);
}

}  // namespace

extern "C" int program_async_dma(uint32_t reads) { return compute_until_done("async-dma-reader", reads); }
extern "C" int program_async_dma_reader(uint32_t reads) { return reader(reads, DiskWay::dma); }
extern "C" int program_async_pio(uint32_t reads) { return compute_until_done("async-pio-reader", reads); }
extern "C" int program_async_pio_reader(uint32_t reads) { return reader(reads, DiskWay::pio); }

}  // namespace guest
