// SPDX-License-Identifier: LGPL-2.1-or-later
// A program reads a page of the kernel: what keeps it out is in the error code of the fault that ends it.
#include "guest-kernel/config.hpp"
#include "guest-kernel/kernel/process.hpp"
#include "guest-kernel/workload/kernel_workloads.hpp"
#include "guest-kernel/workload/measure.hpp"

namespace guest {
namespace {

constexpr unsigned page_fault_vector = 14;
constexpr auto kernel_address = static_cast<uint32_t>(layout.kernel_base) + 4096;  // in lowmem on every split

bool killed_for_it() {
    const int32_t id = spawn("test-touch", kernel_address);
    return id >= 0 && wait(id) == killed_by(page_fault_vector);
}

}  // namespace

bool touch_kernel(Span span) {
    span_begin(span);
    const bool good = killed_for_it();
    span_end(span);
    return good;
}

}  // namespace guest
