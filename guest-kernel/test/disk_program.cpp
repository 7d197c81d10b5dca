// SPDX-License-Identifier: LGPL-2.1-or-later
// Ring-3 programs that read and write the disk's file. Each returns the number of the first check that failed, or 0.
#include "guest-kernel/runtime/program.hpp"

namespace guest {
namespace {

constexpr uint32_t page = 4096, some_block = 300, scratch_block = 400;

bool moved(int32_t result, uint32_t bytes) { return result == static_cast<int32_t>(bytes); }

// `end`: the file's size in bytes.
int read_file(uint32_t end) {
    auto* const area = static_cast<uint32_t*>(map(4 * page));
    if (!mapped(area)) return 1;
    if (!moved(read_disk(area, 3 * page, some_block * page), 3 * page)) return 2;
    for (uint32_t i = 0; i < 3; ++i)
        if (area[i * 1024] != some_block + i || area[i * 1024 + 1] != 0) return 3;
    if (!moved(read_disk(area, page, some_block * page + page - 4), page)) return 4;  // the last word of one, most of the next
    if (area[0] != 0 || area[1] != some_block + 1) return 5;
    if (!moved(read_disk(area, 2 * page, end - page), page)) return 6;  // up to the end of the file
    if (area[0] != end / page - 1) return 7;
    if (read_disk(area, page, end) != 0) return 8;
    if (read_disk(reinterpret_cast<void*>(0), page, 0) != static_cast<int32_t>(Error::bad_address)) return 9;
    if (read_disk(area + 3 * 1024, 2 * page, 0) != static_cast<int32_t>(Error::bad_address)) return 10;  // over the region's end
    return 0;
}

// Leaves words behind that the next program of this kind replaces by zeros.
int write_file(uint32_t value) {
    uint32_t words[2] = {value, value};
    const uint32_t at = scratch_block * page + page - 4;
    if (!moved(write_disk(words, 8, at), 8)) return 1;  // over a page boundary
    uint32_t back[2] = {};
    if (!moved(read_disk(back, 8, at), 8) || back[0] != value || back[1] != value) return 2;
    const uint32_t number = scratch_block + 1;
    if (value == 0 && !moved(write_disk(&number, 4, at + 4), 4)) return 3;
    if (write_disk(reinterpret_cast<void*>(0), 8, at) != static_cast<int32_t>(Error::bad_address)) return 4;
    return sync_disk() == 0 ? 0 : 5;
}

constexpr int32_t failed(Error e) { return static_cast<int32_t>(e); }

int async_calls(uint32_t) {
    auto* const area = static_cast<uint32_t*>(map(2 * page));
    if (!mapped(area)) return 1;
    if (start_read(area + 1, 1, DiskWay::dma) != failed(Error::bad_argument)) return 2;
    if (start_read(area, 1, DiskWay{2}) != failed(Error::bad_argument)) return 3;
    if (start_read(reinterpret_cast<void*>(0), 1, DiskWay::dma) != failed(Error::bad_address)) return 4;
    if (finish_read(area) != failed(Error::bad_argument)) return 5;
    if (start_read(area, 0xFFFFFFF, DiskWay::dma) != 0 || finish_read(area) != failed(Error::io)) return 6;  // no such block
    if (start_read(area, some_block, DiskWay::dma) != 0) return 7;
    if (start_read(area, some_block, DiskWay::dma) != failed(Error::bad_argument)) return 8;  // one at a time
    if (start_read(area + page / 4, some_block + 1, DiskWay::pio) != 0) return 9;
    if (finish_read(area + page / 4) != 0 || area[page / 4] != some_block + 1) return 10;
    if (finish_read(area) != 0 || area[0] != some_block) return 11;

    const int32_t child = fork();
    if (child < 0) return 12;
    if (child == 0) exit(start_read(area, some_block + 7, DiskWay::dma) == 0 && finish_read(area) == 0 && area[0] == some_block + 7 ? 0 : 1);
    if (wait(child) != 0) return 13;
    return area[0] == some_block ? 0 : 14;  // the child read into a page of its own
}

// Ends with two reads under way.
int async_exit(uint32_t) {
    auto* const area = static_cast<uint32_t*>(map(2 * page));
    return start_read(area, some_block, DiskWay::dma) == 0 && start_read(area + page / 4, some_block, DiskWay::pio) == 0 ? 0 : 1;
}

}  // namespace

extern "C" int program_test_async_calls(uint32_t argument) { return async_calls(argument); }
extern "C" int program_test_async_exit(uint32_t argument) { return async_exit(argument); }
extern "C" int program_test_read_disk(uint32_t argument) { return read_file(argument); }
extern "C" int program_test_write_disk(uint32_t argument) { return write_file(argument); }

}  // namespace guest
