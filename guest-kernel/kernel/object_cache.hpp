// SPDX-License-Identifier: LGPL-2.1-or-later
// A slab cache for the objects of one type (Linux: KMEM_CACHE). It comes into being with its first object.
#pragma once

#include "guest-kernel/kernel/memory.hpp"

namespace guest {

template <class T>
class ObjectCache final {
public:
    constexpr explicit ObjectCache(const char* name) : name_{name} {}

    // Storage for one object; null if lowmem is short.
    [[nodiscard]] void* allocate(Request request = gfp_kernel) {
        if (!made_) {
            const Maybe<CacheId> id = kmalloc().slabs().create(name_, sizeof(T));
            require(static_cast<bool>(id), "slab: too many caches");
            id_ = *id;
            made_ = true;
        }
        return kmalloc().slabs().allocate(id_, request);
    }
    void free(T* object) { kmalloc().slabs().free(object); }

private:
    const char* name_;
    CacheId id_{};
    bool made_ = false;
};

}  // namespace guest
