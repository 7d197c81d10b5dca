// SPDX-License-Identifier: LGPL-2.1-or-later
// A page that does not fit kmalloc's largest slab object, half a page, would take a page: it is refused.
#include "guest-kernel/mm/compressed_store.hpp"

namespace guest {

StoreStatus CompressedStore::put(uint32_t number, const void* page) {
    require(number < size_ && !objects_[number], "two compressed pages of one number");
    const uint32_t bytes = compressor_.compress(page, packed_ + sizeof(Length), room);
    if (bytes == 0) return StoreStatus::incompressible;
    void* const object = kmalloc_.allocate(static_cast<uint32_t>(sizeof(Length)) + bytes);
    if (!object) return StoreStatus::no_memory;
    const auto length = static_cast<Length>(bytes);
    __builtin_memcpy(packed_, &length, sizeof length);
    __builtin_memcpy(object, packed_, sizeof(Length) + bytes);
    objects_[number] = object;
    ++pages_;
    bytes_ += bytes;
    return StoreStatus::done;
}

bool CompressedStore::get(uint32_t number, void* page) const {
    const void* const o = object(number);
    return compressor_.decompress(static_cast<const char*>(o) + sizeof(Length), length(o), page);
}

void CompressedStore::drop(uint32_t number) {
    const void* const o = object(number);
    --pages_;
    bytes_ -= length(o);
    kmalloc_.free(objects_[number]);
    objects_[number] = nullptr;
}

bool CompressedStore::check() const {
    uint32_t pages = 0, bytes = 0;
    for (uint32_t i = 0; i < size_; ++i)
        if (objects_[i]) ++pages, bytes += length(objects_[i]);
    return pages == pages_ && bytes == bytes_;
}

}  // namespace guest
