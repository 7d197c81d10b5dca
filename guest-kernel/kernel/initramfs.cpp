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
        void* const memory = kmalloc().allocate(sizeof(File));
        if (!memory) return false;
        auto* const file = new (memory) File;
        if (!fill(*file, entry)) return discard(file), false;
        *last_ = file;
        last_ = &file->next_;
        return true;
    }

    // `folder` and `path` are one name.
    static const File* find(const char* folder, const char* path) {
        const auto folder_bytes = __builtin_strlen(folder);
        for (const File* file = first_; file; file = file->next_)
            if (__builtin_memcmp(file->path_, folder, folder_bytes) == 0 &&
                __builtin_strcmp(file->path_ + folder_bytes, path) == 0)
                return file;
        return nullptr;
    }

private:
    // What it could not do, discard() undoes.
    static bool fill(File& file, const CpioEntry& entry) {
        const auto path_bytes = static_cast<uint32_t>(__builtin_strlen(entry.name)) + 1, pages = page_count(entry.bytes);
        file.path_ = static_cast<char*>(kmalloc().allocate(path_bytes));
        if (pages != 0) file.pages_ = static_cast<mm::Pfn*>(kmalloc().allocate(pages * sizeof(mm::Pfn)));
        if (!file.path_ || (pages != 0 && !file.pages_)) return false;
        __builtin_memcpy(file.path_, entry.name, path_bytes);
        for (uint32_t page = 0; page < pages; ++page) {
            const uint32_t done = page * mm::page_size;
            if (!fill_frame(entry.contents + done, entry.bytes - done, file.pages_[page])) return false;
            file.bytes_ = entry.bytes - done < mm::page_size ? entry.bytes : done + mm::page_size;
        }
        return true;
    }

    static void discard(File* file) {
        for (uint32_t page = 0; page < page_count(file->bytes_); ++page) zones().release(file->pages_[page]);
        kmalloc().free(file->pages_);
        kmalloc().free(file->path_);
        kmalloc().free(file);
    }

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
    const uint32_t start = image::value(initramfs_start);
    return {mm::PhysAddr{start - layout.kernel_base}, image::value(initramfs_end) - start};
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
