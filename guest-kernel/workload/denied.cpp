// SPDX-License-Identifier: LGPL-2.1-or-later
// Programs that do what the page tables deny: what stops them is in the error code of the fault that ends them, which the
// kernel prints.
#include "guest-kernel/config.hpp"
#include "guest-kernel/kernel/no_execute.hpp"
#include "guest-kernel/kernel/process.hpp"
#include "guest-kernel/workload/kernel_workloads.hpp"
#include "guest-kernel/workload/measure.hpp"

namespace guest {
namespace {

constexpr unsigned page_fault_vector = 14;
constexpr auto kernel_address = static_cast<uint32_t>(layout.kernel_base) + 4096;  // in lowmem on every split
constexpr bool has_no_execute_bit = layout.paging == mm::Paging::pae;

// One instance of the span is the program's whole life.
bool ends_with(Span span, const char* program, uint32_t argument, int32_t status) {
    span_begin(span);
    const int32_t id = spawn(program, argument);
    const bool good = id >= 0 && wait(id) == status;
    span_end(span);
    return good;
}

}  // namespace

bool touch_kernel(Span span) { return ends_with(span, "test-touch", kernel_address, killed_by(page_fault_vector)); }

bool run_data(Span span) {
    const bool stopped = has_no_execute_bit && no_execute_enabled();
    return ends_with(span, "test-run-data", 0, stopped ? killed_by(page_fault_vector) : 0);
}

}  // namespace guest
