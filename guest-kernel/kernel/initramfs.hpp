// SPDX-License-Identifier: LGPL-2.1-or-later
// The first file system: the programs' archive unpacked into pages, from HIGHMEM first, as Linux unpacks its initramfs into
// the page cache. Files only come into being here; nothing writes or deletes them.
#pragma once

#include "guest-kernel/mm/frame_ranges.hpp"
#include "mm/addr.hpp"

namespace guest {

class File final {
public:
    const char* path() const { return path_; }
    uint32_t bytes() const { return bytes_; }

    // The frame with the file's bytes from `page` * 4096 on, zeros behind its end. The file is a user of it.
    mm::Pfn page(uint32_t page) const;

private:
    friend class Initramfs;

    File* next_ = nullptr;
    char* path_ = nullptr;
    mm::Pfn* pages_ = nullptr;
    uint32_t bytes_ = 0;
};

// Where the loader or the linker put the archive; empty if there is none.
struct Archive {
    mm::PhysAddr start{};
    uint32_t bytes = 0;

    // Whole frames, whose last may hold zeros behind the archive.
    FrameRange frames() const {
        return {mm::frame_of(start), mm::frame_of(mm::PhysAddr{mm::align_up(start.raw + bytes, mm::page_size)})};
    }
};

Archive embedded_archive();

// Unpacks the boot module, or without one the archive that the kernel's image carries, and gives the archive's frames to
// the zones. An archive that is bad or does not fit is reported on the console: what was unpacked until then stays.
void start_initramfs(const Archive& module);

// Null if there is none. A path like "bin/ipc"; a name without a slash is looked for in bin.
const File* find_file(const char* path);

}  // namespace guest
