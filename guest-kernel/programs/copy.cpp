// SPDX-License-Identifier: LGPL-2.1-or-later
// Whole pages copied between this process and the kernel's buffer, a different page of 16 each time.
#include "guest-kernel/runtime/program.hpp"
#include "guest-kernel/workload/measure.hpp"
#include "guest-kernel/workload/spans.hpp"

namespace guest {
namespace {

constexpr uint32_t page_bytes = buffer_bytes, page_words = page_bytes / 4, pages = 16;

class Area final {
public:
    Area() : words_{static_cast<uint32_t*>(map(pages * page_bytes))} {}
    bool exists() const { return mapped(words_); }
    uint32_t* page(uint32_t n) { return words_ + n % pages * page_words; }

    void fill(uint32_t n, uint32_t pattern) {
        for (uint32_t i = 0; i < page_words; ++i) page(n)[i] = pattern + i;
    }
    bool holds(uint32_t n, uint32_t pattern) {
        for (uint32_t i = 0; i < page_words; ++i)
            if (page(n)[i] != pattern + i) return false;
        return true;
    }

private:
    uint32_t* words_;
};

bool from_user(uint32_t* page) { return write_buffer(page, page_bytes, Buffer::lowmem) == static_cast<int32_t>(page_bytes); }
bool to_user(uint32_t* page) { return read_buffer(page, page_bytes, Buffer::lowmem) == static_cast<int32_t>(page_bytes); }

// The kernel must hold the page that was copied last.
int main_copy_from_user(uint32_t argument) {
    const Order order = Order::unpack(argument);
    Area area;
    if (!area.exists()) return 1;
    for (uint32_t n = 0; n < pages; ++n) area.fill(n, n << 16);
    if (!measure(order.span, order.iterations, [&](uint32_t i) { return from_user(area.page(i)); })) return 1;
    const uint32_t last = (order.iterations + warm_up_iterations - 1) % pages;
    return to_user(area.page(last + 1)) && area.holds(last + 1, last << 16) ? 0 : 1;
}

// Every page must hold what the kernel was given first.
int main_copy_to_user(uint32_t argument) {
    const Order order = Order::unpack(argument);
    constexpr uint32_t pattern = 0x5A5A0000;
    Area area;
    if (!area.exists()) return 1;
    area.fill(0, pattern);
    if (!from_user(area.page(0))) return 1;
    for (uint32_t n = 0; n < pages; ++n) area.fill(n, 0);
    if (!measure(order.span, order.iterations, [&](uint32_t i) { return to_user(area.page(i)); })) return 1;
    for (uint32_t n = 0; n < pages; ++n)
        if (!area.holds(n, pattern)) return 1;
    return 0;
}

}  // namespace

extern "C" int program_copy_from_user(uint32_t argument) { return main_copy_from_user(argument); }
extern "C" int program_copy_to_user(uint32_t argument) { return main_copy_to_user(argument); }

}  // namespace guest
