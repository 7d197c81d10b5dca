// SPDX-License-Identifier: LGPL-2.1-or-later
// Pages kept compressed in lowmem, each by a number that the caller chooses. Linux' drivers/block/zram, and mm/zswap.c, which
// takes only pages that become small enough to be worth it.
//
//   object from kmalloc, 32 to 2048 bytes:  | bytes | compressed page ... |
#pragma once

#include "guest-kernel/mm/kmalloc.hpp"

namespace guest {

// compressor.hpp's functions, or a test's.
struct PageCompressor {
    uint32_t (*compress)(const void* page, void* out, uint32_t room);
    bool (*decompress)(const void* compressed, uint32_t bytes, void* page);
};

enum class StoreStatus : uint8_t { done, incompressible, no_memory };

class CompressedStore final {
public:
    // `objects`: storage of `size` pointers, all null.
    CompressedStore(Kmalloc& kmalloc, PageCompressor compressor, void** objects, uint32_t size)
        : kmalloc_{kmalloc}, compressor_{compressor}, objects_{objects}, size_{size} {}

    // Keeps a copy of the page; there is none with this number yet.
    [[nodiscard]] StoreStatus put(uint32_t number, const void* page);

    // Writes the page that put() was given to `page`. False if what was kept is damaged.
    [[nodiscard]] bool get(uint32_t number, void* page) const;

    void drop(uint32_t number);

    uint32_t pages() const { return pages_; }
    uint32_t bytes() const { return bytes_; }  // of compressed pages, without what kmalloc adds
    bool check() const;                        // both numbers are right

private:
    using Length = uint16_t;  // stands before the compressed page
    static constexpr uint32_t room = (1u << largest_object_shift) - sizeof(Length);

    const void* object(uint32_t number) const {
        require(number < size_ && objects_[number], "no compressed page has this number");
        return objects_[number];
    }
    static uint32_t length(const void* object) {
        Length bytes;
        __builtin_memcpy(&bytes, object, sizeof bytes);
        return bytes;
    }

    Kmalloc& kmalloc_;
    PageCompressor compressor_;
    void** objects_;
    uint32_t size_, pages_ = 0, bytes_ = 0;
    char packed_[sizeof(Length) + room];  // where a page is compressed before its size is known
};

}  // namespace guest
