// SPDX-License-Identifier: LGPL-2.1-or-later
// Unpacks the archive. Files are a list in the order of the archive.
#include "guest-kernel/kernel/initramfs.hpp"

#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/cpio.hpp"
#include "guest-kernel/kernel/image.hpp"
#include "guest-kernel/kernel/late.hpp"
#include "guest-kernel/kernel/memory.hpp"

extern "C" char initramfs_start[], initramfs_end[];

namespace guest {
namespace {

constexpr char program_folder[] = "bin/";

uint32_t page_count(uint32_t bytes) { return static_cast<uint32_t>(mm::align_up(bytes, mm::page_size) >> mm::page_shift); }

bool has_slash(const char* path) {
    while (*path && *path != '/') ++path;
    return *path != 0;
}

// A page of the file's bytes; zeros behind the last one.
bool fill_frame(const char* from, uint32_t bytes, mm::Pfn& out) {
    if (!allocate_user_frame(out)) return false;
    const mm::VirtAddr page = kmap_atomic().map(out, KmapType::user0);
    __builtin_memcpy(reinterpret_cast<void*>(page.raw), from, bytes < mm::page_size ? bytes : mm::page_size);
    kmap_atomic().unmap(page, KmapType::user0);
    return true;
}

}  // namespace

mm::Pfn File::page(uint32_t page) const {
    require(page < page_count(bytes_), "a page behind the file's end");
    return pages_[page];
}

class Initramfs final {
public:
    static bool add(const CpioEntry& entry) {
        const auto path_bytes = static_cast<uint32_t>(__builtin_strlen(entry.name)) + 1, pages = page_count(entry.bytes);
        void* const memory = kmalloc().allocate(sizeof(File));
        auto* const path = static_cast<char*>(kmalloc().allocate(path_bytes));
        auto* const frames = static_cast<mm::Pfn*>(kmalloc().allocate(pages != 0 ? pages * sizeof(mm::Pfn) : 1));
        uint32_t filled = 0;
        if (memory && path && frames)
            while (filled < pages && fill_frame(entry.contents + filled * mm::page_size, entry.bytes - filled * mm::page_size, frames[filled]))
                ++filled;
        if (!memory || !path || !frames || filled < pages) {
            while (filled > 0) zones().release(frames[--filled]);
            kmalloc().free(frames);
            kmalloc().free(path);
            kmalloc().free(memory);
            return false;
        }
        __builtin_memcpy(path, entry.name, path_bytes);
        auto* const file = new (memory) File;
        file->path_ = path;
        file->pages_ = frames;
        file->bytes_ = entry.bytes;
        *last_ = file;
        last_ = &file->next_;
        return true;
    }

    // `folder` and `path` are one name.
    static const File* find(const char* folder, const char* path) {
        const auto folder_bytes = __builtin_strlen(folder);
        for (const File* file = first_; file; file = file->next_)
            if (__builtin_memcmp(file->path_, folder, folder_bytes) == 0 && __builtin_strcmp(file->path_ + folder_bytes, path) == 0)
                return file;
        return nullptr;
    }

private:
    static inline File* first_ = nullptr;
    static inline File** last_ = &first_;
};

namespace {

void unpack(const char* archive, uint32_t bytes) {
    CpioReader reader{archive, bytes};
    CpioEntry entry{};
    CpioStatus status;
    while ((status = reader.next(entry)) == CpioStatus::entry)
        if (entry.is_file() && !Initramfs::add(entry))
            return print("Initramfs unpacking failed: no memory for ", entry.name, "\n");
    if (status != CpioStatus::end)
        print("Initramfs unpacking failed: ", describe(status), " at offset ", reader.offset(), "\n");
}

void give_back(const FrameRange& frames) {
    FrameRanges range;
    require(range.add(frames), "one range does not fit");
    zones().add(range);
    print("Freeing initrd memory: ", frames.size().raw << 2, "k freed\n");
}

}  // namespace

Archive embedded_archive() {
    return {mm::PhysAddr{image::value(initramfs_start) - layout.kernel_base}, image::value(initramfs_end) - image::value(initramfs_start)};
}

void start_initramfs(const Archive& module) {
    const Archive archive = module.bytes != 0 ? module : embedded_archive();
    if (archive.bytes == 0) return print("no initramfs, neither in the image nor as a boot module: there are no programs\n");
    if (archive.frames().end > direct_map_end)
        return print("initrd extends beyond end of memory: it must lie in lowmem\n");
    unpack(lowmem_pointer<const char>(archive.start), archive.bytes);
    give_back(archive.frames());
}

const File* find_file(const char* path) { return Initramfs::find(has_slash(path) ? "" : program_folder, path); }

}  // namespace guest
