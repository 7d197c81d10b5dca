// SPDX-License-Identifier: LGPL-2.1-or-later
// Storage for an object that is made while the kernel boots, when what its constructor needs is known.
#pragma once

#include <stddef.h>

inline void* operator new(size_t, void* place) noexcept { return place; }

namespace guest {

template <class T>
class Late final {
public:
    template <class... Arguments>
    T& make(Arguments&&... arguments) {
        return *new (storage_) T(static_cast<Arguments&&>(arguments)...);
    }
    T& operator*() { return *reinterpret_cast<T*>(storage_); }
    T* operator->() { return &**this; }

private:
    alignas(T) char storage_[sizeof(T)];
};

}  // namespace guest
