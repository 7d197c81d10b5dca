// SPDX-License-Identifier: LGPL-2.1-or-later
// A large array of zero bytes that takes memory only where it is written, and is zero again in no time.
#pragma once

#include <stddef.h>
#include <sys/mman.h>

#include <new>
#include <type_traits>

namespace tools {

// An element whose bytes are all zero is a T as T{} makes it.
template <class T>
class ZeroedArray final {
    static_assert(std::is_trivially_destructible_v<T> && std::is_trivially_copyable_v<T>);

public:
    explicit ZeroedArray(size_t count) : bytes_{count * sizeof(T)} {
        void* const at = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (at == MAP_FAILED) throw std::bad_alloc{};
        data_ = static_cast<T*>(at);
    }
    ~ZeroedArray() { munmap(data_, bytes_); }
    ZeroedArray(const ZeroedArray&) = delete;
    ZeroedArray& operator=(const ZeroedArray&) = delete;

    [[nodiscard]] T* data() { return data_; }
    T& operator[](size_t n) { return data_[n]; }
    const T& operator[](size_t n) const { return data_[n]; }
    void clear() { madvise(data_, bytes_, MADV_DONTNEED); }  // private and anonymous: the next read finds zeros

private:
    size_t bytes_;
    T* data_;
};

}  // namespace tools
