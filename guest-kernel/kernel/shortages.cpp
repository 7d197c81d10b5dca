// SPDX-License-Identifier: LGPL-2.1-or-later
// Collects the counts that the allocators and the block layer keep.
#include "guest-kernel/kernel/shortages.hpp"

#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/io/block.hpp"
#include "guest-kernel/kernel/memory.hpp"

namespace guest {
namespace {

// "shortages: ", then "kind: count", with ", " between them.
class Line final {
public:
    ~Line() {
        if (begun_) print("\n");
    }
    template <class... Kind>
    void tell(uint32_t count, Kind... kind) {
        if (count == 0) return;
        print(begun_ ? ", " : "shortages: ", kind..., ": ", count);
        begun_ = true;
    }

private:
    bool begun_ = false;
};

}  // namespace

void print_shortages() {
    Line line;
    for (unsigned order = 0; order < max_order; ++order) line.tell(zones().refusals(order), "blocks of order ", order);
    const VmallocShortages& v = vmalloc().shortages();
    line.tell(v.window, "vmalloc addresses");
    line.tell(v.areas, "vmalloc areas");
    line.tell(v.frames, "vmalloc frames");
    line.tell(v.tables, "vmalloc page tables");
    line.tell(kmap().refusals(), "kmap slots");
    const auto ended = [](IoStatus s) { return io_counters().ended[static_cast<unsigned>(s)]; };
    line.tell(ended(IoStatus::no_memory), "I/O for want of memory");
    line.tell(ended(IoStatus::bad_block), "I/O beyond a device's end");
    line.tell(ended(IoStatus::device_error), "I/O with a device error");
}

}  // namespace guest
